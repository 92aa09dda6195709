import { COMMANDS } from './commands/index.ts';
import { processInterrupt } from './interrupt.ts';
import { runCommandLine } from './run-command-line.ts';
import { processTerminal } from './terminal.ts';

// The edge of the process: the one file that acts when it is loaded.
process.exitCode = await runCommandLine({
  argv: process.argv.slice(2),
  environment: process.env,
  terminal: processTerminal(),
  interrupt: processInterrupt,
  commands: COMMANDS,
});
