import { writeSync } from 'node:fs';
import type { Logger } from '@bioscope/telemetry';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** As shells report a process that died of SIGINT. */
const EXIT_CODE_INTERRUPTED = 130;

/**
 * Ties a host to the life of its process. The first SIGINT or SIGTERM stops the host, the second ends the process at once (children die
 * with it). A crash does not drain: state is durable without it, and a process in an unknown state should not go on acting.
 */
export function ownProcess(options: { name: string; log: Logger; stop: () => Promise<void>; ended: Promise<unknown> }): {
  crash(unit: string, cause: unknown): void;
} {
  let asked = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (asked) process.exit(EXIT_CODE_INTERRUPTED);
    asked = true;
    options.log.info({ signal }, 'stopping; once more ends at once');
    void options.stop();
  };
  const crash = (unit: string, cause: unknown): void => {
    options.log.error({ crashed: unit, error: cause }, 'crashed');
    lastLine(`${options.name}: ${unit} crashed: ${firstLine(cause)}`);
    process.exit(1);
  };
  const onUncaught = (cause: unknown): void => crash('process', cause);

  for (const signal of SIGNALS) process.on(signal, onSignal);
  process.on('uncaughtException', onUncaught);
  process.on('unhandledRejection', onUncaught);
  void options.ended.then(() => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
    process.off('uncaughtException', onUncaught);
    process.off('unhandledRejection', onUncaught);
  });
  return { crash };
}

function firstLine(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.split('\n', 1)[0] ?? '';
}

/** Straight to the file descriptor: nothing buffered may come after it. */
function lastLine(line: string): void {
  try {
    writeSync(2, `${line}\n`);
  } catch {
    // Nobody reads stderr any more; the exit code still tells.
  }
}
