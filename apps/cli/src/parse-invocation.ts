import { parseArgs } from 'node:util';
import { Complaint, EXIT } from './command.ts';
import type { Command } from './command.ts';

export type ParsedInvocation = {
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
};

/** The words and options after the command. Complaints name the mistake and the command whose help to read. */
export function parseInvocation(command: Command, argv: readonly string[]): ParsedInvocation {
  const parsed = parse(command, argv);
  const words = parsed.positionals;
  if (words.length < command.words.min) throw misuse(command, 'something is missing');
  if (words.length > command.words.max) throw misuse(command, `"${words[command.words.max]}" is one word too many`);
  for (const [name, value] of Object.entries(parsed.values)) {
    if (value === '') throw misuse(command, `--${name} is empty`);
  }
  return { words, options: parsed.values };
}

function parse(command: Command, argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: Object.fromEntries(
        Object.entries(command.options).map(([name, { type, short }]) => [name, { type, ...(short === undefined ? {} : { short }) }]),
      ),
    });
  } catch (cause) {
    throw misuse(command, explain(command, cause), cause);
  }
}

function explain(command: Command, cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  const unknown = /^Unknown option '(-[^']*)'/.exec(text)?.[1];
  if (unknown === undefined) return (text.split('\n', 1)[0] ?? text).replace(/\.$/, '');
  const known = Object.keys(command.options).map((name) => `--${name}`);
  return `there is no option ${unknown}${known.length === 0 ? '' : ` (there are: ${known.join(', ')})`}`;
}

export function misuse(command: Command, problem: string, cause?: unknown): Complaint {
  return new Complaint(`${problem}\nusage: bioscope ${command.usage}`, { exitCode: EXIT.misused, cause });
}

/** A whole number between bounds, or a complaint that names the option. */
export function wholeNumber(command: Command, name: string, value: string, bounds: { min: number; max: number }): number {
  const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= bounds.min && number <= bounds.max)) {
    throw misuse(command, `--${name} is "${value}": use a whole number from ${bounds.min} to ${bounds.max}`);
  }
  return number;
}
