import type { Claim } from './claim.ts';
import { moveItems } from './move-items.ts';
import { moveRegisters } from './move-registers.ts';
import { checkStreams, moveStreams } from './move-streams.ts';
import type { TransferSource } from './open-source.ts';
import { sourceItems } from './source-items.ts';
import { sourceRegisters } from './source-registers.ts';
import { sourceStreams } from './source-streams.ts';
import { createTally, type TallyRow } from './tally.ts';
import type { Pass, TransferDestination } from './transfer-parts.ts';

/** How far a pass is; `mended` of what was compared was written. */
export type TransferProgress = {
  readonly phase: 'copying' | 'checking';
  readonly recordsCompared: number;
  readonly registersCompared: number;
  readonly streamsCompared: number;
  readonly mended: number;
};

export type TransferRequest = {
  readonly source: TransferSource;
  readonly destination: TransferDestination;
  readonly claim: Claim;
  readonly clock?: () => number;
  readonly onProgress?: (progress: TransferProgress) => void;
};

export type TransferVerdict = {
  readonly rows: readonly TallyRow[];
  /** None: both sides hold the same. At most `DIFFERENCES_NAMED_MAX` sentences. */
  readonly differences: readonly string[];
  readonly differencesCount: number;
};

/**
 * Brings the destination to what the source holds now: writes what is missing or old, removes what the source no longer has. Made for being run again and again: while
 * the source is in use it gets near, once the source is quiet it gets all. Answers how much it wrote.
 */
export async function copyKv(request: TransferRequest): Promise<{ mended: number }> {
  const { source, claim, clock = Date.now } = request;
  const { pass, done } = passOf(request, 'mend');
  // Events first: what was projected from them comes after them, and never the other way round.
  await moveStreams(sourceStreams(source), pass, {
    after: (namespace) => claim.state().positions[namespace] ?? 0,
    reached: (namespace, position) => claim.change((state) => ({ ...state, positions: { ...state.positions, [namespace]: position } })),
  });
  await moveRegisters(sourceRegisters(source, clock), pass);
  await moveItems(sourceItems(source, clock), pass);
  return { mended: done().mended };
}

/** Reads both sides whole and compares them. The source must be quiet. Writes nothing. */
export async function checkKv(request: TransferRequest): Promise<TransferVerdict> {
  const { source, clock = Date.now } = request;
  const { pass, done } = passOf(request, 'check');
  await checkStreams(sourceStreams(source), pass);
  await moveRegisters(sourceRegisters(source, clock), pass);
  await moveItems(sourceItems(source, clock), pass);
  const { differences, differencesCount } = done();
  return { rows: pass.tally.rows(), differences, differencesCount };
}

/** From here on the destination is in use: it is never written to by a move again. */
export async function settle({ claim, clock = Date.now }: Pick<TransferRequest, 'claim' | 'clock'>): Promise<void> {
  await claim.change((state) => ({ ...state, state: 'settled', settledAtMs: clock() }));
}

function passOf({ destination, claim, clock = Date.now, onProgress }: TransferRequest, mode: Pass['mode']) {
  const counts = { items: 0, registers: 0, streams: 0 };
  const differences: string[] = [];
  let differencesCount = 0;
  let mended = 0;
  const pass: Pass = {
    mode,
    destination,
    clock,
    signal: claim.signal,
    tally: createTally(),
    compared(kind, written) {
      claim.signal.throwIfAborted();
      counts[kind] += 1;
      mended += written;
      onProgress?.({
        phase: mode === 'mend' ? 'copying' : 'checking',
        recordsCompared: counts.items,
        registersCompared: counts.registers,
        streamsCompared: counts.streams,
        mended,
      });
    },
    differs(what) {
      differencesCount += 1;
      if (differences.length < DIFFERENCES_NAMED_MAX) differences.push(what);
    },
  };
  return { pass, done: () => ({ mended, differences, differencesCount }) };
}

export const DIFFERENCES_NAMED_MAX = 20;
