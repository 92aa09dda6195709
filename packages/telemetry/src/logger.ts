import { pino } from 'pino';
import type { DestinationStream } from 'pino';
import type { LogFormat, LogLevel } from './config.ts';
import { humanLine } from './human.ts';
import { scrub } from './scrub.ts';
import type { Logger } from './telemetry.ts';

/** Where lines go; each ends with a newline. */
export type LineSink = { write(line: string): void };

export function createLogger(options: {
  process: string;
  level: LogLevel;
  format: LogFormat;
  sink?: LineSink;
  terminal: boolean;
  colour: boolean;
}): Logger {
  // Synchronous: the line that says why a process died must be out before it dies.
  const out: LineSink = options.sink ?? pino.destination({ dest: 2, sync: true });
  const forPeople = options.format === 'human' || (options.format === 'auto' && options.terminal);
  const destination: DestinationStream = forPeople ? { write: (line) => out.write(humanLine(line, { colour: options.colour })) } : out;
  const root = pino(
    {
      level: options.level,
      base: { process: options.process },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }), log: scrub },
    },
    destination,
  );
  return withScrubbedBindings(root);
}

/** pino writes the bindings of a child as they are given: its formatters do not see them. */
function withScrubbedBindings(logger: Logger): Logger {
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    child: (fields) => withScrubbedBindings(logger.child(scrub(fields))),
  };
}
