/** Where a command speaks. Tests give their own. */
export type Terminal = {
  /** Data and results. */
  out(text: string): void;
  /** Progress, warnings and errors. */
  err(text: string): void;
  /** Whether a person watches stderr: then progress is drawn in place. */
  readonly live: boolean;
  /** Columns of stderr. */
  readonly columns: number;
  readonly colour: boolean;
};

export function processTerminal(): Terminal {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    live: process.stderr.isTTY,
    columns: process.stderr.columns ?? 80,
    colour: process.stderr.isTTY && process.stderr.hasColors(),
  };
}
