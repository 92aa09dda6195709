import type { Appliance } from '../contract/index.ts';
import { newChange } from './change.ts';
import { asSeen, isNews, SILENT_AFTER_MS } from './domain/seen.ts';

/** Everything the appliances said last, kept in memory: after a restart they say it again within a second. */
export type Picture = {
  /** Grows with every change, also across restarts. */
  readonly version: number;
  appliances(): Appliance[];
  /** False when there is no room for one more appliance. */
  report(appliance: Appliance): boolean;
  /** To be called when something else changed that watchers see. */
  touch(): void;
  /** Looks for appliances that fell silent. To be called a few times a second. */
  tick(): void;
  changed(waitMs: number, signal?: AbortSignal): Promise<void>;
};

export const APPLIANCES_MAX = 1_000;
/** An appliance that was switched off for a day is no longer part of the network. */
const FORGOTTEN_AFTER_MS = 24 * 3_600_000;

export function newPicture(now: () => number): Picture {
  const reported = new Map<string, Appliance>();
  const silent = new Set<string>();
  const change = newChange();
  // A start counts from its own time on, in thousandths of a millisecond, so that versions of a later process are greater.
  let version = now() * 1_000;

  const touch = (): void => {
    version += 1;
    change.announce();
  };
  return {
    get version() {
      return version;
    },
    appliances: () => [...reported.values()].map((appliance) => asSeen(appliance, now())).sort((a, b) => (a.id < b.id ? -1 : 1)),
    report(appliance) {
      const previous = reported.get(appliance.id);
      if (previous === undefined && reported.size >= APPLIANCES_MAX) return false;
      reported.set(appliance.id, { ...appliance, reportedAtMs: now() });
      const isBack = silent.delete(appliance.id);
      if (isBack || isNews(previous, appliance)) touch();
      return true;
    },
    touch,
    tick() {
      let news = false;
      for (const { id, reportedAtMs } of reported.values()) {
        const silentMs = now() - reportedAtMs;
        if (silentMs >= FORGOTTEN_AFTER_MS) {
          reported.delete(id);
          silent.delete(id);
          news = true;
        } else if (silentMs >= SILENT_AFTER_MS && !silent.has(id)) {
          silent.add(id);
          news = true;
        }
      }
      if (news) touch();
    },
    changed: (waitMs, signal) => change.next(waitMs, signal),
  };
}
