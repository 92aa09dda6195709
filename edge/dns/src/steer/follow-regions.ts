import { setTimeout as sleep } from 'node:timers/promises';
import type { RegionsService } from '@bioscope/regions/contract';
import type { GetPictureResponse } from '@bioscope/regions/contract';
import type { Client } from '@bioscope/rpc';
import type { Logger } from '@bioscope/telemetry';
import type { KeptPicture } from './kept-picture.ts';

export type FollowNeeds = {
  readonly client: Pick<Client<typeof RegionsService>, 'getPicture'>;
  readonly kept: KeptPicture;
  readonly log: Logger;
  onPicture(picture: GetPictureResponse): void;
};

const WAIT_MS = 20_000;
/** How much longer than the wait an answer may take. */
const GRACE_MS = 3_000;
const RETRY_MS = 200;
const RETRY_MS_MAX = 2_000;
/** A regions unit that answers at once with nothing new, as one that drains does, is not to be asked in a circle. */
const PAUSE_MS = 100;

/**
 * Keeps the picture up to date by long polls, beginning with the one on disk. When nobody answers, the last one stays for as long as it takes. A picture that names no gateway at
 * all is not believed while there is a better one: it comes from a control plane that has lost its memory.
 */
export async function followRegions(needs: FollowNeeds): Promise<{ stop(): Promise<void> }> {
  const stopped = new AbortController();
  let isBelieved = false;
  let knownVersion = 0;
  let failing = false;

  function show(picture: GetPictureResponse): boolean {
    const gateways = picture.regions.flatMap(({ zones }) => zones).flatMap((zone) => zone.gateways);
    if (gateways.length === 0 && isBelieved) return false;
    isBelieved ||= gateways.length > 0;
    needs.onPicture(picture);
    return true;
  }

  const saved = await needs.kept.load();
  if (saved !== null) show(saved);

  async function ask(): Promise<void> {
    const call = { deadlineMs: WAIT_MS + GRACE_MS, signal: stopped.signal, idempotent: true };
    const picture = await needs.client.getPicture({ knownVersion, waitMs: WAIT_MS }, call);
    if (failing) needs.log.info({}, 'the regions unit answers again');
    failing = false;
    if (picture.version === knownVersion) return pause(PAUSE_MS);
    knownVersion = picture.version;
    if (!show(picture)) return needs.log.warn({}, 'the regions unit knows no gateway; going on with the last picture');
    await needs.kept.save(picture).catch((err: unknown) => needs.log.warn({ err }, 'the picture of regions could not be kept on disk'));
  }

  async function pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: stopped.signal }).catch(() => undefined);
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!stopped.signal.aborted) {
      try {
        await ask();
        failures = 0;
      } catch (err) {
        if (!failing && !stopped.signal.aborted)
          needs.log.warn({ err }, 'the regions unit does not answer; going on with the last picture');
        failing = true;
        failures += 1;
        await pause(Math.min(RETRY_MS * 2 ** (failures - 1), RETRY_MS_MAX));
      }
    }
  }

  const running = run();
  return {
    async stop() {
      stopped.abort();
      await running;
    },
  };
}
