import { join } from 'node:path';
import type { GamedayReport } from '@bioscope/chaos';
import type { Terminal } from '../terminal.ts';

/** What became of each experiment and where the report is, for people; the sum of it all as the last line, for programs. */
export function tellResults(terminal: Terminal, { results, summary }: GamedayReport, reportFolder: string): void {
  for (const { name, outcome, because } of results)
    terminal.err(`${outcome.padEnd(10)} ${name}${because.length === 0 ? '' : `: ${because.join('; ')}`}\n`);
  terminal.err(`report: ${join(reportFolder, 'report.html')}\n`);
  terminal.out(`${JSON.stringify(summary)}\n`);
}
