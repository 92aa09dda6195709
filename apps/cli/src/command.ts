import type { Terminal } from './terminal.ts';

export type CommandOption = {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** What stands for the value in the help: `DIR`, `N` … */
  readonly value?: string;
  readonly about: string;
};

/** One word after `bioscope`. Its file in `commands/` is all there is to it. */
export type Command = {
  readonly name: string;
  /** One line for the list of commands. */
  readonly about: string;
  /** After `bioscope `: `add FILE --title NAME [options]`. */
  readonly usage: string;
  readonly options: Readonly<Record<string, CommandOption>>;
  /** How many words may follow the command. */
  readonly words: { readonly min: number; readonly max: number };
  /** Resolves with the exit code. Throw `Complaint` for what the person can mend. */
  run(invocation: Invocation): Promise<number>;
};

export type Invocation = {
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
  /** From this call on, the first Ctrl-C (or SIGTERM) aborts the signal instead of ending the process. */
  readonly interrupt: () => AbortSignal;
};

export const EXIT = { done: 0, failed: 1, misused: 2, interrupted: 130 } as const;

/** Something that the person can mend; shown without a stack. */
export class Complaint extends Error {
  readonly exitCode: number;
  constructor(message: string, options: { exitCode?: number; cause?: unknown } = {}) {
    super(message, options);
    this.name = 'Complaint';
    this.exitCode = options.exitCode ?? EXIT.failed;
  }
}

/** Options that several commands share. */
export const DATA_OPTION = {
  type: 'string',
  value: 'DIR',
  about: 'the state folder (default: BIOSCOPE_DATA, else ~/.local/share/bioscope)',
} as const satisfies CommandOption;
export const JSON_OPTION = { type: 'boolean', about: 'print JSON' } as const satisfies CommandOption;

export function textOption(invocation: Invocation, name: string): string | undefined {
  const value = invocation.options[name];
  return typeof value === 'string' ? value : undefined;
}

export function flag(invocation: Invocation, name: string): boolean {
  return invocation.options[name] === true;
}
