import { KvFault } from '@bioscope/kv';

/** Keeps reads from filling memory together: each enters with about what its answer may hold. */
export type ReadRoom = {
  /** Waits for room, in order. Rejects at once with `KV_UNAVAILABLE` when too many wait, and with `KV_DEADLINE` when the signal aborts. */
  enter(bytes: number, signal: AbortSignal): Promise<void>;
  leave(bytes: number): void;
};

export type ReadRoomLimits = { readonly bytesMax: number; readonly waitingMax: number };

type Waiting = { readonly bytes: number; readonly admit: () => void };

export function createReadRoom({ bytesMax, waitingMax }: ReadRoomLimits): ReadRoom {
  let taken = 0;
  let waiting: Waiting[] = [];

  /** What asks for more than there is gets all there is: alone. */
  function fits(bytes: number): boolean {
    return taken === 0 || taken + bytes <= bytesMax;
  }

  function admitNext(): void {
    for (let next = waiting[0]; next !== undefined && fits(next.bytes); next = waiting[0]) {
      waiting.shift();
      taken += next.bytes;
      next.admit();
    }
  }

  return {
    async enter(bytes, signal) {
      if (waiting.length === 0 && fits(bytes)) {
        taken += bytes;
        return;
      }
      if (waiting.length >= waitingMax)
        throw new KvFault('KV_UNAVAILABLE', `the storage is overloaded: ${waiting.length} reads wait; try again later`);
      await new Promise<void>((resolve, reject) => {
        const giveUp = (): void => {
          waiting = waiting.filter((other) => other !== entry);
          reject(new KvFault('KV_DEADLINE', 'the caller gave up'));
          // It may have been what held the others up.
          admitNext();
        };
        const entry: Waiting = {
          bytes,
          admit() {
            signal.removeEventListener('abort', giveUp);
            resolve();
          },
        };
        waiting.push(entry);
        signal.addEventListener('abort', giveUp, { once: true });
        if (signal.aborted) giveUp();
      });
    },
    leave(bytes) {
      taken -= bytes;
      admitNext();
    },
  };
}
