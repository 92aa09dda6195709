import type { TelemetryConfig } from './config.ts';
import { createLogger } from './logger.ts';
import type { LineSink } from './logger.ts';
import { createMetrics } from './metrics.ts';
import type { Telemetry } from './telemetry.ts';

export type TelemetryOptions = {
  /** Stands in every log line: `bioscope`, `edge`, `play` … */
  readonly process: string;
  readonly config?: Partial<TelemetryConfig>;
  /** Where log lines go. Default: stderr, written synchronously. */
  readonly sink?: LineSink;
  /** CPU, memory, event loop and garbage collection figures of this process. Default true. */
  readonly processMetrics?: boolean;
};

/** Logs and metrics of one process. Make one per process and hand it on; two have separate registries. */
export function createTelemetry(options: TelemetryOptions): Telemetry {
  const terminal = options.sink === undefined && process.stderr.isTTY;
  return {
    log: createLogger({
      process: options.process,
      level: options.config?.level ?? 'info',
      format: options.config?.format ?? 'auto',
      ...(options.sink === undefined ? {} : { sink: options.sink }),
      terminal,
      colour: terminal && process.stderr.hasColors(),
    }),
    metrics: createMetrics({ processMetrics: options.processMetrics ?? true }),
  };
}
