import { join } from 'node:path';
import { placesOf } from '@bioscope/topology';
import type { Deployment, Place } from '@bioscope/topology';
import type { Logger } from '@bioscope/telemetry';
import { kindOf } from './place-kind.ts';
import type { PlaceKind } from './place-kind.ts';
import { createSlot } from './slot.ts';
import type { Slot, SlotState } from './slot.ts';

export type FleetOptions = {
  readonly folder: string;
  readonly deployment: Deployment;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Processes that start at the same time; more only make each other slow. */
  readonly startsAtOnce: number;
  readonly log: Logger;
  readonly onLogLine: (line: string) => void;
  /** Ends the starting. */
  readonly interrupted: AbortSignal;
};

export type Member = { readonly place: Place; readonly kind: PlaceKind } & SlotState;

/** The processes of a deployment. Whatever ends is started again; none outlives this process. */
export type Fleet = {
  members(): readonly Member[];
  /** Ends a process at once, as a crash would; it is started again. False when there is none of that name. */
  kill(place: string): boolean;
  /** Ends a process and keeps it down until `release`, or for so long. False when there is none of that name. */
  hold(place: string, forMs: number): Promise<boolean>;
  release(place: string): boolean;
  /** Without a failed request where another process can take over: the new one is ready before the old one drains. */
  restart(place: string): Promise<void>;
  /** All of them, one after the other; `told` hears of each. */
  restartAll(told: (place: string) => void, signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
};

/** Starts everything and resolves when it is ready; rejects, with nothing left running, when something does not start. */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const slots = new Map<string, { readonly slot: Slot; readonly kind: PlaceKind; readonly place: Place }>();
  for (const place of placesOf(options.deployment)) {
    const kind = kindOf(options.deployment, place);
    slots.set(place.name, { place, kind, slot: createSlot({ ...options, place, kind, recordFolder: join(options.folder, 'children') }) });
  }
  const all = [...slots.values()];
  const stopAll = async (): Promise<void> => {
    // Those that others need end last.
    for (const kind of STOP_ORDER) await Promise.all(all.filter((each) => each.kind === kind).map(({ slot }) => slot.stop()));
  };
  try {
    for (const kinds of START_WAVES) {
      const wave = all.filter(({ kind }) => kinds.includes(kind));
      await startSome(wave, options);
    }
  } catch (cause) {
    await stopAll();
    throw cause;
  }

  return {
    members: () => all.map(({ place, kind, slot }) => ({ place, kind, ...slot.state() })),
    kill: (place) => slots.get(place)?.slot.kill() ?? false,
    async hold(place, forMs) {
      const found = slots.get(place);
      await found?.slot.hold(forMs);
      return found !== undefined;
    },
    release(place) {
      const found = slots.get(place);
      found?.slot.release();
      return found !== undefined;
    },
    async restart(place) {
      const found = slots.get(place);
      if (found === undefined) throw new Error(`there is no "${place}"`);
      await found.slot.restart();
    },
    async restartAll(told, signal) {
      for (const { place, slot } of all) {
        if (signal.aborted) return;
        told(place.name);
        await slot.restart();
      }
    },
    stop: stopAll,
  };
}

/** What others need to start comes first. */
const START_WAVES: readonly (readonly PlaceKind[])[] = [
  ['discovery', 'storage'],
  ['memcached', 'group', 'appliance', 'dns'],
];
const STOP_ORDER: readonly PlaceKind[] = ['dns', 'group', 'appliance', 'memcached', 'storage', 'discovery'];

async function startSome(
  wave: readonly { readonly slot: Slot }[],
  { startsAtOnce, interrupted }: Pick<FleetOptions, 'startsAtOnce' | 'interrupted'>,
): Promise<void> {
  const waiting = [...wave];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      interrupted.throwIfAborted();
      await next.slot.start();
    }
  };
  await Promise.all(Array.from({ length: startsAtOnce }, lane));
}
