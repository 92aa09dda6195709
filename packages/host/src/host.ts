import { createTelemetry, readTelemetryConfig } from '@bioscope/telemetry';
import type { Logger, Telemetry } from '@bioscope/telemetry';
import { hostedUnit } from './hosted-unit.ts';
import type { HostedUnit } from './hosted-unit.ts';
import { serveOperations } from './operations.ts';
import type { Operations } from './operations.ts';
import { ownProcess } from './own-process.ts';
import { report } from './report.ts';
import type { HostReport } from './report.ts';
import { startOrder } from './start-order.ts';
import type { Unit } from './unit.ts';
import { withinDeadline } from './within-deadline.ts';

export type HostOptions = {
  /** Names the process in logs: `bioscope`, `edge`, `play` … */
  readonly name: string;
  readonly units: readonly Unit[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Default: made from the environment. */
  readonly telemetry?: Telemetry;
  /** For all units together. Default 60 000. */
  readonly startDeadlineMs?: number;
  /** For the drain of all units together; stopping comes after it. Default 10 000. */
  readonly drainDeadlineMs?: number;
  /** Serves /healthz, /readyz and /metrics. Port 0 takes any. Absent: nothing listens. */
  readonly operations?: { readonly address: string; readonly port: number };
  /**
   * SIGINT and SIGTERM drain (a second one ends at once), and a crash ends the process with exit code 1 and its reason as the last line.
   * Default false: then a crash drains, stops, and is told by `ended`.
   */
  readonly ownsProcess?: boolean;
};

export type HostEnd = { readonly kind: 'stopped' } | { readonly kind: 'crashed'; readonly unit: string; readonly cause: unknown };

export type Host = {
  /** `host:port` of the operations listener, null without one. */
  readonly operationsAddress: string | null;
  report(): HostReport;
  /** Drains and stops all units in reverse start order. Never rejects: what goes wrong is logged. Calling it again answers the same promise. */
  stop(): Promise<void>;
  /** Resolves once everything has stopped. */
  readonly ended: Promise<HostEnd>;
};

const START_DEADLINE_MS = 60_000;
const DRAIN_DEADLINE_MS = 10_000;
/** After the drain signal aborted, so that who obeys it can still wind up. */
const DRAIN_ABORT_MS = 100;
/** For each unit. Stopping only releases; a unit that takes longer hangs, and must not keep the others from stopping. */
const STOP_DEADLINE_MS = 5_000;

/**
 * Starts units one after the other in the order of their needs. When one fails or the deadline passes, those that run are stopped again
 * and the promise rejects with an error that names the unit.
 */
export async function startHost(options: HostOptions): Promise<Host> {
  const order = startOrder(options.units);
  const telemetry = options.telemetry ?? createTelemetry({ process: options.name, config: readTelemetryConfig(options.environment) });
  const units = order.map(hostedUnit);
  const log = telemetry.log.child({ unit: 'host' });
  const operations = options.operations && (await serveOperations({ ...options.operations, units, metrics: telemetry.metrics }));

  const end = Promise.withResolvers<HostEnd>();
  let stopping: Promise<void> | undefined;
  const shutDown = (how: HostEnd): Promise<void> => {
    stopping ??= drainAndStop({ units, log, drainDeadlineMs: options.drainDeadlineMs ?? DRAIN_DEADLINE_MS, operations }).then(() =>
      end.resolve(how),
    );
    return stopping;
  };
  const stop = () => shutDown({ kind: 'stopped' });
  const edge = options.ownsProcess === true ? ownProcess({ name: options.name, log, stop, ended: end.promise }) : null;
  const crash = (unit: string, cause: unknown): void => {
    if (edge !== null) return edge.crash(unit, cause);
    log.error({ crashed: unit, error: cause }, 'crashed: stopping');
    void shutDown({ kind: 'crashed', unit, cause });
  };

  try {
    await startAll(units, options, telemetry, crash, () => stopping !== undefined);
  } catch (cause) {
    await stop();
    throw cause;
  }
  return { operationsAddress: operations?.address ?? null, report: () => report(units), stop, ended: end.promise };
}

async function startAll(
  units: readonly HostedUnit[],
  options: HostOptions,
  telemetry: Telemetry,
  crash: (unit: string, cause: unknown) => void,
  stopped: () => boolean,
): Promise<void> {
  const deadlineAtMs = performance.now() + (options.startDeadlineMs ?? START_DEADLINE_MS);
  const given = new Map<string, unknown>();
  for (const unit of units) {
    if (stopped()) throw new Error(`stopped before unit "${unit.name}" started`);
    await unit.start({
      given,
      deadlineAtMs,
      context: {
        name: unit.name,
        log: telemetry.log.child({ unit: unit.name }),
        metrics: telemetry.metrics,
        environment: options.environment,
        crash: (cause) => crash(unit.name, cause),
      },
    });
  }
  if (stopped()) throw new Error('stopped while starting');
}

async function drainAndStop(options: {
  units: readonly HostedUnit[];
  log: Logger;
  drainDeadlineMs: number;
  operations: Operations | undefined;
}): Promise<void> {
  const backwards = options.units.toReversed();
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new Error('the drain deadline passed')), options.drainDeadlineMs);
  const deadlineAtMs = performance.now() + options.drainDeadlineMs + DRAIN_ABORT_MS;
  for (const unit of backwards) {
    await attempt(options.log, unit.name, 'drain', () =>
      withinDeadline(unit.drain(deadline.signal), deadlineAtMs - performance.now(), `unit "${unit.name}" did not drain in time`),
    );
  }
  clearTimeout(timer);
  for (const unit of backwards) {
    await attempt(options.log, unit.name, 'stop', () =>
      withinDeadline(unit.stop(), STOP_DEADLINE_MS, `unit "${unit.name}" did not stop in time`),
    );
  }
  await options.operations?.close();
}

async function attempt(log: Logger, unit: string, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    log.warn({ stopping: unit, error }, `${what} went wrong: going on`);
  }
}
