import { Complaint, EXIT } from './command.ts';
import type { Command, Invocation } from './command.ts';
import { helpOf, overview } from './help-text.ts';
import { parseInvocation } from './parse-invocation.ts';
import type { Terminal } from './terminal.ts';

/** Runs one command line and resolves with the exit code. Never rejects: what went wrong is on stderr. */
export async function runCommandLine(request: {
  argv: readonly string[];
  environment: Invocation['environment'];
  terminal: Terminal;
  interrupt: Invocation['interrupt'];
  commands: readonly Command[];
}): Promise<number> {
  const { terminal } = request;
  try {
    return await dispatch(request);
  } catch (error) {
    if (error instanceof Complaint) {
      terminal.err(`bioscope: ${error.message}\n`);
      return error.exitCode;
    }
    terminal.err(`bioscope: ${error instanceof Error ? describe(error) : String(error)}\n`);
    return EXIT.failed;
  }
}

async function dispatch({ argv, environment, terminal, interrupt, commands }: Parameters<typeof runCommandLine>[0]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h') {
    if (name !== undefined) terminal.out(overview(commands));
    else terminal.err(overview(commands));
    return name === undefined ? EXIT.misused : EXIT.done;
  }
  const command = commands.find((each) => each.name === (name === '--version' ? 'version' : name));
  if (command === undefined) {
    throw new Complaint(`there is no command "${name}"; see bioscope help`, { exitCode: EXIT.misused });
  }
  const end = rest.indexOf('--');
  if (rest.slice(0, end === -1 ? undefined : end).some((each) => each === '--help' || each === '-h')) {
    terminal.out(helpOf(command));
    return EXIT.done;
  }
  return await command.run({ ...parseInvocation(command, rest), environment, terminal, interrupt });
}

/** The chain of causes, one line each: a person reads this; the log has the stacks. */
function describe(error: Error): string {
  const lines = [error.message];
  let cause = error.cause;
  for (let depth = 0; cause instanceof Error && depth < 5; depth++) {
    if (!lines.some((line) => line.includes((cause as Error).message))) lines.push(`  because: ${cause.message}`);
    cause = cause.cause;
  }
  return lines.join('\n');
}
