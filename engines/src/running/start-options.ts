import type { Environment } from '../config.ts';

export type StartOptions = {
  /** Where its files are kept; a second start there continues with them. Absent: a temporary folder that `stop` removes. */
  readonly folder?: string;
  /** Wished for when the folder is new, one per node, used when they are free. Default: random ones in 127.64.0.0/10. */
  readonly addresses?: readonly string[];
  /** Default: this process's. */
  readonly environment?: Environment;
  /** Told of slow steps (the first set-up) in one line each. */
  readonly say?: (line: string) => void;
  /** A node ended though nobody asked for it. */
  readonly onLost?: (message: string) => void;
};
