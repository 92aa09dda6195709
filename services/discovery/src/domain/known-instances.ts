import type { Instance } from '@bioscope/rpc';
import { isMass } from './preservation.ts';
import { keyOf } from './statement.ts';

/** What a caller has heard of who runs where, from whichever copy answered. Times are monotonic milliseconds. */
export type KnownInstances = {
  /** What to ask for next: news since the last answer, of the copy that gave it. */
  readonly known: { readonly copy: string; readonly version: number };
  take(news: News, nowMs: number): void;
  /** All, those that are only kept marked as doubtful. */
  instances(nowMs: number): readonly Instance[];
  /** Until when the oldest of those that are only kept is kept; undefined when there are none. */
  keptUntilMs(): number | undefined;
};

export type News = {
  readonly copy: string;
  readonly version: number;
  readonly isWhole: boolean;
  readonly instances: readonly Instance[];
  readonly gone: readonly { readonly service: string; readonly instanceId: string }[];
};

/** A copy that knows nobody yet hears of everybody within one lease (3 s): until then those that it does not name are kept. */
const KEEP_MS = 4_000;
/** When it does not name far too many, the copy is cut off rather than everybody dead. As long as copies keep whom they doubt. */
const KEEP_MS_MASS = 600_000;

export function createKnownInstances(): KnownInstances {
  let known = { copy: '', version: 0 };
  let named = new Map<string, Instance>();
  let kept = new Map<string, Instance>();
  let keptSinceMs = 0;

  function isMissingMany(): boolean {
    const missing = new Set([...kept.values()].map(({ instanceId }) => instanceId));
    const all = new Set([...[...named.values()].map(({ instanceId }) => instanceId), ...missing]);
    return isMass({ processes: all.size, quiet: missing.size });
  }

  /** Another copy, or the same anew: whom it does not name may be gone, or unknown to it yet. */
  function change(instances: readonly Instance[], nowMs: number): void {
    kept = new Map([...kept, ...named]);
    named = new Map(instances.map((instance) => [keyOf(instance), instance]));
    keptSinceMs = nowMs;
  }

  function keepUntilMs(): number {
    return keptSinceMs + (isMissingMany() ? KEEP_MS_MASS : KEEP_MS);
  }

  return {
    get known() {
      return known;
    },
    take({ copy, version, isWhole, instances, gone }, nowMs) {
      if (isWhole && copy !== known.copy) change(instances, nowMs);
      else if (isWhole) named = new Map(instances.map((instance) => [keyOf(instance), instance]));
      else for (const instance of instances) named.set(keyOf(instance), instance);
      for (const departed of gone) {
        named.delete(keyOf(departed));
        kept.delete(keyOf(departed));
      }
      known = { copy, version };
      const places = new Set([...named.values()].map(placeOf));
      for (const [key, instance] of kept) if (named.has(key) || places.has(placeOf(instance))) kept.delete(key);
    },
    instances(nowMs) {
      if (kept.size > 0 && nowMs >= keepUntilMs()) kept.clear();
      return [...named.values(), ...[...kept.values()].map((instance) => ({ ...instance, isDoubtful: true }))];
    },
    keptUntilMs: () => (kept.size === 0 ? undefined : keepUntilMs()),
  };
}

function placeOf({ service, address }: Instance): string {
  return `${service} ${address}`;
}
