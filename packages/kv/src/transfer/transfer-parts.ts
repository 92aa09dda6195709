import type { KvStore } from '../port.ts';
import type { Tally } from './tally.ts';
import type { TransferTarget } from './target.ts';

export type TransferDestination = Pick<KvStore, 'items' | 'registers' | 'streams'> & { readonly transfer: TransferTarget };

/** `mend`: what is missing or old in the destination is written, what the source no longer has goes. `check`: nothing is written. */
export type Pass = {
  readonly mode: 'mend' | 'check';
  readonly destination: TransferDestination;
  readonly clock: () => number;
  readonly signal: AbortSignal;
  readonly tally: Tally;
  /** Called for everything compared. */
  readonly compared: (kind: 'items' | 'registers' | 'streams', mended: number) => void;
  /** A check found that the destination differs: a sentence. */
  readonly differs: (what: string) => void;
};

export const TRANSFERS = 'kv_transfers';
