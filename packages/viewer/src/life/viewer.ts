import { pause, type Clock } from '../clock.ts';
import type { Cohort } from '../figures/figures.ts';
import type { Meter } from '../figures/meter.ts';
import { ask, NOBODY, type AskNeeds } from '../network/ask.ts';
import { createClient } from '../network/client.ts';
import type { Resolve } from '../names/resolve.ts';
import type { Credentials, Doors, Habits } from '../options.ts';
import type { PlayBuffer } from '../play/buffer.ts';
import { watch } from '../play/watch.ts';
import { browse } from './browse.ts';
import { createMember, type Member } from './member.ts';

/** One person with one device, from opening the app until leaving for good. */
export type Viewer = {
  readonly phase: () => ViewerPhase;
  /** Ends the film as people do. Resolves when nothing of the viewer is left; never rejects. */
  leave(): Promise<void>;
};

export type ViewerPhase = 'browsing' | 'starting' | 'playing' | 'stalled';

export type ViewerNeeds = {
  readonly clock: Clock;
  /** A sequence of its own for each purpose: how often the network needed a number must not change what is watched. */
  readonly randomFor: (purpose: string) => () => number;
  readonly meter: Meter;
  readonly doors: Doors;
  readonly resolve: Resolve;
  readonly localAddress: string | undefined;
  readonly authority: string | undefined;
  readonly cohortOf: (id: string) => Cohort | undefined;
  readonly homeQuestion: object | undefined;
};

export type Person = {
  /** What bookmarks hang on where the service has no members. */
  readonly viewerId: string;
  readonly credentials: (Credentials & { readonly deviceId: string }) | undefined;
  readonly habits: Habits;
  readonly heightMax: number;
  /** Before opening the app. */
  readonly beginAfterMs: number;
};

/** However restless: a service that shows nothing to play is not asked without a pause. */
const BROWSE_MS_MIN = 100;

export function createViewer(needs: ViewerNeeds, person: Person): Viewer {
  const { clock, localAddress, authority } = needs;
  const pauses = needs.randomFor('pauses');
  const leaving = new AbortController();
  let phase: ViewerPhase = 'browsing';
  let cohort = person.credentials === undefined ? needs.cohortOf(person.viewerId) : undefined;
  const client = createClient({
    clock,
    resolve: needs.resolve,
    ...(localAddress === undefined ? {} : { localAddress }),
    ...(authority === undefined ? {} : { authority }),
  });
  const asking: AskNeeds = { client, clock, random: needs.randomFor('network'), record: needs.meter.recorder(() => cohort) };
  const member: Member | undefined =
    person.credentials === undefined
      ? undefined
      : createMember({ ...asking, appOrigin: needs.doors.app, credentials: person.credentials, deviceId: person.credentials.deviceId });

  const shows = (seen: PlayBuffer['phase']): void => {
    phase = seen === 'ended' ? 'browsing' : seen;
  };
  const signIn = async (): Promise<boolean> => {
    if (member === undefined) return true;
    const accountId = await member.signIn(leaving.signal);
    if (accountId !== undefined) cohort = needs.cohortOf(accountId);
    return accountId !== undefined;
  };
  const chooseFilm = async (last: string | undefined, random: () => number): Promise<string | undefined> => {
    const bearer = member ?? NOBODY;
    const found = await browse({ ...asking, apiOrigin: needs.doors.api, bearer, homeQuestion: needs.homeQuestion }, leaving.signal);
    if (found === undefined || found.length === 0) return undefined;
    if (last !== undefined && found.includes(last) && random() < person.habits.resumeShare) return last;
    return found[Math.floor(random() * found.length)];
  };

  const live = async (): Promise<void> => {
    const { signal } = leaving;
    await pause(clock, person.beginAfterMs, signal);
    let isOpen = false;
    let last: string | undefined;
    let films = 0;
    while (!signal.aborted) {
      isOpen ||= await openApp(asking, needs.doors.app, signal);
      const random = needs.randomFor(`film ${films}`);
      const titleId = isOpen && (await signIn()) ? await chooseFilm(last, random) : undefined;
      await pause(clock, around(Math.max(BROWSE_MS_MIN, person.habits.browseMs), pauses), signal);
      if (titleId === undefined || signal.aborted) continue;
      films += 1;
      const { viewerId, heightMax, habits } = person;
      const { startPatienceMs, stallPatienceMs } = habits;
      const film = { titleId, viewerId, heightMax, watchMs: around(habits.watchMs, random), startPatienceMs, stallPatienceMs };
      await watch({ ...asking, playOrigin: needs.doors.play, bearer: member ?? NOBODY, shows }, film, signal);
      phase = 'browsing';
      last = titleId;
    }
  };
  const life = (async () => {
    try {
      await live();
    } finally {
      await client.close();
    }
  })();

  return {
    phase: () => phase,
    async leave() {
      leaving.abort();
      await life;
    },
  };
}

/** The page itself; what it is made of is in the browser's cache. */
async function openApp(needs: AskNeeds, appOrigin: string, signal: AbortSignal): Promise<boolean> {
  return (await ask(needs, { door: 'page', url: `${appOrigin}/`, signal })).kind === 'answered';
}

/** Half to one and a half times as much. */
function around(mean: number, random: () => number): number {
  return mean * (0.5 + random());
}
