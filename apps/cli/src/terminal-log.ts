import { humanLine } from '@bioscope/telemetry';
import type { Terminal } from './terminal.ts';

/** A mail that stays here because no server is configured: the person at the terminal is the only one who can follow its link. */
const KEPT_MAIL = /^\{"level":"info".*"unit":"mail".*"state":"kept"/;

export type Shown = 'all' | 'troubles' | 'mails';

/**
 * What of the log the person at the terminal sees: all of it; warnings, errors and mails that cannot be sent; or those mails only. Readable on a terminal, JSON in
 * a pipe.
 */
export function terminalLog(terminal: Terminal, shown: Shown): (line: string) => void {
  return (line) => {
    const isTrouble = shown === 'troubles' && /^\{"level":"(?:warn|error)"/.test(line);
    if (shown !== 'all' && !isTrouble && !KEPT_MAIL.test(line)) return;
    terminal.err(terminal.live ? humanLine(line, { colour: terminal.colour }) : line);
  };
}
