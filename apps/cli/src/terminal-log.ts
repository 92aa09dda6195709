import { humanLine } from '@bioscope/telemetry';
import type { Terminal } from './terminal.ts';

/** A mail that stays here because no server is configured: the person at the terminal is the only one who can follow its link. */
const KEPT_MAIL = /^\{"level":"info".*"unit":"mail".*"state":"kept"/;

/** What of the log the person at the terminal sees: warnings, errors and mails that cannot be sent, or all of it. Readable on a terminal, JSON in a pipe. */
export function terminalLog(terminal: Terminal, options: { all: boolean }): (line: string) => void {
  return (line) => {
    if (!options.all && !/^\{"level":"(?:warn|error)"/.test(line) && !KEPT_MAIL.test(line)) return;
    terminal.err(terminal.live ? humanLine(line, { colour: terminal.colour }) : line);
  };
}
