import { setTimeout as pause } from 'node:timers/promises';
import type { Appliance, ControlService, WatchPictureResponse } from '@bioscope/control/contract';
import type { Client } from '@bioscope/rpc';
import type { Logger } from '@bioscope/telemetry';

/** What control knows, followed by long polls and kept when control is gone. */
export type FollowedPicture = {
  /** Null until control answered for the first time. */
  last(): { readonly appliances: readonly Appliance[]; readonly editionBytes: Readonly<Record<string, number>> } | null;
  stop(): Promise<void>;
};

const WAIT_MS = 15_000;
/** Time for the answer itself, on top of the wait. */
const DEADLINE_MS = WAIT_MS + 3_000;
const RETRY_FIRST_MS = 100;
const RETRY_MAX_MS = 1_000;

export function followPicture(on: { control: Pick<Client<typeof ControlService>, 'watchPicture'>; log: Logger }): FollowedPicture {
  const stopping = new AbortController();
  let last: WatchPictureResponse | null = null;
  let failures = 0;

  async function follow(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        last = await on.control.watchPicture(
          { knownVersion: last?.version ?? 0, waitMs: WAIT_MS },
          { deadlineMs: DEADLINE_MS, idempotent: true, signal: stopping.signal },
        );
        failures = 0;
      } catch (error) {
        if (failures++ === 0 && !stopping.signal.aborted) {
          on.log.warn({ err: error }, 'control does not answer; ranking goes on by its last picture');
        }
        const waitMs = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(failures, 10));
        await pause(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  }

  const following = follow();
  return {
    last: () => last,
    async stop() {
      stopping.abort();
      await following;
    },
  };
}
