import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Action, Arguments } from '@bioscope/chaos';
import { REGION_EVACUATED } from '@bioscope/chaos';
import { RegionsService, RegionState } from '@bioscope/regions/contract';
import type { StartRunResponse } from '@bioscope/regions/contract';
import type { Client, Rpc } from '@bioscope/rpc';

type Regions = Client<typeof RegionsService>;

const READ = { deadlineMs: 2_000, idempotent: true } as const;
const BY = 'experiment';
/** A region that comes back is called ill for a while yet. */
const RESTORE_MS_MAX = 240_000;
const LOOK_EVERY_MS = 1_000;

/** What experiments can do with regions: `do: evacuate` and `do: restore`, each with `region`. Both need no gateway. */
export function regionActions(rpc: Rpc): Readonly<Record<string, Action>> {
  const regions = rpc.client(RegionsService);
  return {
    evacuate: {
      async begin(args) {
        const region = regionOf(args);
        accept(await regions.evacuate({ region, by: BY, reason: BY, force: false, commandId: randomUUID() }, READ));
        return { undo: () => restore(regions, region) };
      },
    },
    restore: {
      async begin(args) {
        await restore(regions, regionOf(args));
        return { undo: async () => undefined };
      },
    },
  };
}

/** What experiments can wait for. */
export function regionConditions(rpc: Rpc): Readonly<Record<string, (args: Arguments) => Promise<boolean>>> {
  const regions = rpc.client(RegionsService);
  return { [REGION_EVACUATED]: async (args) => (await stateOf(regions, regionOf(args))) === RegionState.EVACUATED };
}

/** Resolves when the region serves again; asked for as long as it is refused because the region has not recovered. */
async function restore(regions: Regions, region: string): Promise<void> {
  const untilMs = performance.now() + RESTORE_MS_MAX;
  let refusal = '';
  let isAsked = false;
  while (performance.now() < untilMs) {
    const state = await stateOf(regions, region).catch(() => undefined);
    if (state === RegionState.SERVING) return;
    if (!isAsked && state !== RegionState.RESTORING) {
      const { outcome } = await regions.restore({ region, by: BY, force: false, commandId: randomUUID() }, READ);
      isAsked = outcome.case === 'started';
      if (outcome.case === 'refused') refusal = outcome.value.text;
    }
    await pause(LOOK_EVERY_MS);
  }
  throw new Error(`region ${region} does not serve again after ${RESTORE_MS_MAX / 1_000} s${refusal === '' ? '' : `: ${refusal}`}`);
}

async function stateOf(regions: Regions, region: string): Promise<RegionState | undefined> {
  const { regions: all } = await regions.getPicture({ knownVersion: 0, waitMs: 0 }, READ);
  return all.find(({ name }) => name === region)?.state;
}

function accept({ outcome }: StartRunResponse): void {
  if (outcome.case === 'refused') throw new Error(outcome.value.text);
}

function regionOf({ region = '' }: Arguments): string {
  if (region === '') throw new Error('say which: region: NAME');
  return region;
}
