import { setTimeout as sleep } from 'node:timers/promises';
import { RegionsService } from '@bioscope/regions/contract';
import type { GetPictureResponse } from '@bioscope/regions/contract';
import type { Rpc } from '@bioscope/rpc';
import type { Logger } from '@bioscope/telemetry';

const WAIT_MS = 20_000;
/** How much longer than the wait an answer may take. */
const GRACE_MS = 3_000;
/** When nobody answers, or an instance that drains answers at once with nothing new. */
const PAUSE_MS = 200;
/** A service of one region hosts no such unit; it may be added. */
const NOBODY_MS = 1_000;

/** Keeps the picture of regions up to date by long polls. While nobody answers, the last one holds. */
export function followRegions(needs: {
  rpc: Pick<Rpc, 'client' | 'instancesOf'>;
  logger: Logger;
  onPicture(picture: GetPictureResponse): void;
}): { close(): Promise<void> } {
  const client = needs.rpc.client(RegionsService);
  const closing = new AbortController();
  let knownVersion = 0;
  let failing = false;

  async function ask(): Promise<number> {
    if (needs.rpc.instancesOf('regions').length === 0) return NOBODY_MS;
    const call = { deadlineMs: WAIT_MS + GRACE_MS, signal: closing.signal, idempotent: true };
    try {
      const picture = await client.getPicture({ knownVersion, waitMs: WAIT_MS }, call);
      if (failing) needs.logger.info({}, 'the regions unit answers again');
      failing = false;
      if (picture.version === knownVersion) return PAUSE_MS;
      knownVersion = picture.version;
      needs.onPicture(picture);
      return 0;
    } catch (err) {
      if (!failing && !closing.signal.aborted)
        needs.logger.warn({ err }, 'the regions unit does not answer; going on with the last picture');
      failing = true;
      return PAUSE_MS;
    }
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) await sleep(await ask(), undefined, { signal: closing.signal }).catch(() => undefined);
  }

  const running = run();
  return {
    async close() {
      closing.abort();
      await running;
    },
  };
}
