import type { Terminal } from '../src/terminal.ts';

/** A terminal that remembers what was said on it. */
export function fakeTerminal(options: { live?: boolean; columns?: number } = {}): Terminal & { stdout(): string; stderr(): string } {
  let stdout = '';
  let stderr = '';
  return {
    out: (text) => {
      stdout += text;
    },
    err: (text) => {
      stderr += text;
    },
    live: options.live ?? false,
    columns: options.columns ?? 80,
    colour: false,
    stdout: () => stdout,
    stderr: () => stderr,
  };
}
