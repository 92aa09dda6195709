import { humanLine } from '@bioscope/telemetry';
import type { Terminal } from './terminal.ts';

/** What of the log the person at the terminal sees: warnings and errors, or all of it. Readable on a terminal, JSON in a pipe. */
export function terminalLog(terminal: Terminal, options: { all: boolean }): (line: string) => void {
  return (line) => {
    if (!options.all && !/^\{"level":"(?:warn|error)"/.test(line)) return;
    terminal.err(terminal.live ? humanLine(line, { colour: terminal.colour }) : line);
  };
}
