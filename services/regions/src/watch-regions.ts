import type { Logger } from '@bioscope/telemetry';
import type { Health } from './domain/health.ts';
import { look } from './domain/look.ts';
import type { Rules } from './domain/look.ts';
import type { Outlook } from './domain/outlook.ts';
import { showPicture } from './domain/show-picture.ts';
import type { RegionShown } from './domain/show-picture.ts';
import { logEvent } from './log-event.ts';
import { pictureVersion } from './picture-version.ts';
import type { RegionsStore } from './store.ts';

/** What was seen last, and who waits for more. */
export type Watching = {
  /** Null before the first look, and when the store has not answered for so long that nobody can know any more. */
  picture(): { readonly version: number; readonly regions: readonly RegionShown[] } | null;
  outlook(): Outlook | null;
  /** At the next change of the picture, after `waitMs`, or when the signal aborts: true. False at once where nothing more will come, or too many wait. */
  changed(waitMs: number, signal: AbortSignal): Promise<boolean>;
  /** Looks now, instead of at the next turn. */
  lookNow(): Promise<void>;
  stop(): Promise<void>;
};

export type WatchNeeds = {
  readonly store: RegionsStore;
  readonly rules: Rules;
  readonly countries: ReadonlyMap<string, string>;
  readonly log: Logger;
  nowMs(): number;
  newId(): string;
};

const LOOK_EVERY_MS = 500;
/** A pause between two looks that is longer than this is a store or a process that stood still: silence in it was ours. */
const DEAF_AFTER_MS = 2_500;
/** Longer than a slow look; then the last picture of the followers is as good as ours. */
const BLIND_AFTER_MS = 5_000;
/** Each waiter is one open long poll; more than this is a client gone wild, which is then answered at once. */
const WAITERS_MAX = 1_000;

/** Looks twice a second, keeps the picture, and takes the runs onwards. Several instances may do so at once: the store decides who was first. */
export function watchRegions(needs: WatchNeeds): Watching {
  const waiters = new Set<() => void>();
  const stopped = new AbortController();
  let healths: ReadonlyMap<string, Health> = new Map();
  let latest: { outlook: Outlook; regions: readonly RegionShown[]; version: number } | null = null;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let listeningSinceMs = needs.nowMs();
  let failing = false;
  let turn: Promise<void> = Promise.resolve();

  async function lookOnce(): Promise<void> {
    const kept = await needs.store.readCourse();
    const found = { ...(await needs.store.readReports()), course: kept.course };
    const nowMs = needs.nowMs();
    if (nowMs - lookedAtMs > DEAF_AFTER_MS) listeningSinceMs = nowMs;
    const seen = look(found, needs.rules, { healths, listeningSinceMs }, { nowMs, newId: needs.newId() });
    ({ healths } = seen.outlook);
    lookedAtMs = nowMs;
    show(seen.outlook, seen.notes);
    if (seen.events.length === 0) return;
    // The same version gets the same command from every instance, so that a step is taken once. Who comes second reads it at the next look.
    const outcome = await needs.store.append({ expectedVersion: kept.version, events: seen.events, commandId: `step-${kept.version}` });
    if (outcome === 'appended') for (const event of seen.events) logEvent(needs.log, event);
    const { course } = await needs.store.readCourse();
    show({ ...seen.outlook, course }, seen.notes);
  }

  function show(outlook: Outlook, notes: ReadonlyMap<string, string>): void {
    const regions = showPicture(outlook, notes, needs.countries);
    const version = pictureVersion(regions);
    const isNews = version !== latest?.version;
    latest = { outlook, regions, version };
    if (isNews) for (const wake of waiters) wake();
  }

  /** One look at a time, whoever asks. */
  function takeTurn(): Promise<void> {
    turn = turn.then(async () => {
      if (stopped.signal.aborted) return;
      try {
        await lookOnce();
        if (failing) needs.log.info({}, 'regions are watched again');
        failing = false;
      } catch (err) {
        if (!failing) needs.log.warn({ err }, 'cannot look after regions; everybody goes on with the last picture');
        failing = true;
      }
    });
    return turn;
  }

  const loop = (async () => {
    while (!stopped.signal.aborted) {
      await takeTurn();
      await pause(LOOK_EVERY_MS, stopped.signal);
    }
  })();

  return {
    picture: () => (latest === null || needs.nowMs() - lookedAtMs > BLIND_AFTER_MS ? null : latest),
    outlook: () => latest?.outlook ?? null,
    async changed(waitMs, signal) {
      if (stopped.signal.aborted || waiters.size >= WAITERS_MAX) return false;
      const woken = new AbortController();
      const wake = (): void => woken.abort();
      waiters.add(wake);
      await pause(waitMs, AbortSignal.any([signal, stopped.signal, woken.signal]));
      waiters.delete(wake);
      return !stopped.signal.aborted;
    },
    lookNow: takeTurn,
    async stop() {
      stopped.abort();
      await loop;
      await turn;
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}
