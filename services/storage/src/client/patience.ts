import { setTimeout as sleep } from 'node:timers/promises';
import { createRetryBudget, RpcError } from '@bioscope/rpc';
import { asBlobFault } from '../domain/faults.ts';

/** Rides out a storage that is away: tries again while that is safe, within a deadline and a budget. */
export type Patience = {
  /** Rejects with `BlobFault`, or with the signal's reason. `attempt` is told how many milliseconds are left. */
  with<T>(how: { repeatable: boolean; signal?: AbortSignal | undefined }, attempt: (leftMs: number) => Promise<T>): Promise<T>;
};

const PAUSE_MS = 50;
const PAUSE_MS_MAX = 500;

export function createPatience(deadlineMs: number): Patience {
  const budget = createRetryBudget(() => performance.now());

  return {
    async with({ repeatable, signal }, attempt) {
      const endsAtMs = performance.now() + deadlineMs;
      budget.called();
      for (let failures = 1; ; failures += 1) {
        signal?.throwIfAborted();
        try {
          return await attempt(Math.max(1, endsAtMs - performance.now()));
        } catch (error) {
          signal?.throwIfAborted();
          const pauseMs = Math.min(PAUSE_MS * 2 ** (failures - 1), PAUSE_MS_MAX) * (0.5 + Math.random() / 2);
          if (!isAway(error, repeatable) || performance.now() + pauseMs >= endsAtMs || !budget.spend()) throw asBlobFault(error);
          await sleep(pauseMs);
        }
      }
    },
  };
}

/** A fault of the store itself comes with a detail: it is the caller's to judge. */
function isAway(error: unknown, repeatable: boolean): boolean {
  return error instanceof RpcError && error.code === 'unavailable' && error.details.length === 0 && (repeatable || error.surelyNotRun);
}
