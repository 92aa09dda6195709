import { setTimeout as pause } from 'node:timers/promises';
import { answerOf } from './faults.ts';
import { CONFLICTS_MAX, CONFLICT_PAUSE_MS } from './limits.ts';

/**
 * `ConditionalRequestConflict` and `OperationAborted`: two writes of one key at once, and neither is told whether it won. The other is what a
 * server on files says when the folder that it just made was removed with its last neighbour: with our names it is never there to stay.
 */
const CONFLICTS = new Set(['ConditionalRequestConflict', 'OperationAborted', 'ExistingObjectIsDirectory']);

/** Sends again, a bounded number of times, what only came at the wrong moment. */
export async function throughConflicts<T>(send: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  for (let conflicts = 0; ; conflicts += 1) {
    try {
      return await send();
    } catch (error) {
      if (!CONFLICTS.has(answerOf(error).name) || conflicts >= CONFLICTS_MAX) throw error;
      await pause(CONFLICT_PAUSE_MS * (1 + Math.random()) * 2 ** conflicts);
      signal?.throwIfAborted();
    }
  }
}
