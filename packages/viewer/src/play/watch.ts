import { pause } from '../clock.ts';
import { ask } from '../network/ask.ts';
import { stallingForMs, type PlayBuffer } from './buffer.ts';
import { feedTrack, fetchHead } from './feed-track.ts';
import type { RangeNeeds } from './fetch-range.ts';
import { openPathways } from './pathways.ts';
import { startSession, type PlaySession, type SessionNeeds } from './play-session.ts';
import { readPresentation, type Presentation } from './presentation.ts';
import { openScreen, type Screen } from './screen.ts';
import type { Segment } from './segment-index.ts';
import { sitDown, type Sitting } from './sitting.ts';
import { followSteering } from './steering.ts';

export type WatchNeeds = SessionNeeds & {
  /** What the viewer does now, for the figures. */
  readonly shows: (phase: PlayBuffer['phase']) => void;
};

export type Film = {
  readonly titleId: string;
  readonly viewerId: string;
  readonly heightMax: number;
  /** Then the person leaves, unless the film has ended. */
  readonly watchMs: number;
  readonly startPatienceMs: number;
  readonly stallPatienceMs: number;
};

/** How often the person looks: whether the picture stands, whether it was enough. */
const LOOK_EVERY_MS = 500;
/** As our player's settings have it for manifests. */
const MANIFEST = { deadlineMs: 8_000, attemptsMax: 4 } as const;
/** As our player's recovery has it: the pace of its rounds over all pathways, and how long it tries with an empty buffer. */
const ROUND_PAUSE_MS = 1_000;
const GIVE_UP_AFTER_MS = 60_000;
/** A service that is not whole refuses with this. */
const OUR_TROUBLE = 'no_appliance';
/** From another device of the account: no trouble. */
const STOPPED = 'stopped';

/** Watches one film, from pressing play until it has been left and its session ended. `leave` is the wish to go at once. Never rejects. */
export async function watch(needs: WatchNeeds, film: Film, leave: AbortSignal): Promise<void> {
  const { clock, record } = needs;
  const sitting = sitDown({ clock, record, startPatienceMs: film.startPatienceMs, leave });
  needs.shows('starting');
  const started = await startSession(needs, { titleId: film.titleId, viewerId: film.viewerId }, sitting.signal);
  if (started.kind === 'granted') await play(needs, film, sitting, started.session);
  else sitting.over(started.kind === 'refused' && started.because !== OUR_TROUBLE ? 'refused' : 'trouble');
}

async function play(needs: WatchNeeds, film: Film, sitting: Sitting, session: PlaySession): Promise<void> {
  let screen: Screen | undefined;
  const at = (): number => screen?.look().positionMs ?? session.resumePositionMs;
  const presentation = await loadManifest(needs, film, session, sitting.signal);
  if (presentation === undefined) sitting.over('trouble');
  else {
    const ranges = rangeNeeds(needs, { session, sitting, presentation, screen: () => screen });
    const { steeringUrl } = presentation;
    const steering =
      steeringUrl === undefined ? undefined : followSteering({ ...needs, pathways: ranges.pathways }, steeringUrl, sitting.signal);
    const heads = await Promise.all(presentation.tracks.map((track) => fetchHead(ranges, track)));
    const tracks = heads.filter((head) => head !== undefined);
    if (tracks.length < heads.length) sitting.over('trouble');
    else {
      screen = openScreen({ clock: needs.clock, sitting }, { positionMs: session.resumePositionMs, endsMs: tracks.map(endOf) });
      await Promise.all([
        ...presentation.tracks.map(async (track, index) => {
          if (!(await feedTrack(ranges, screen as Screen, { track, index, segments: tracks[index] ?? [] }))) sitting.over('trouble');
        }),
        keepLooking(needs, film, sitting, screen),
        keepBeating(needs, sitting, session, screen),
      ]);
    }
    await steering;
  }
  await session.end(at());
}

async function loadManifest(needs: WatchNeeds, film: Film, session: PlaySession, signal: AbortSignal): Promise<Presentation | undefined> {
  const answer = await ask(needs, { door: 'manifest', url: session.manifestUrl, ...MANIFEST, signal });
  if (answer.kind !== 'answered') return undefined;
  try {
    return readPresentation(answer.sent.body.toString(), session.manifestUrl, film.heightMax);
  } catch {
    // Whatever a parser says of a manifest that is none: it cannot be played.
    return undefined;
  }
}

type Playing = {
  readonly session: PlaySession;
  readonly sitting: Sitting;
  readonly presentation: Presentation;
  readonly screen: () => Screen | undefined;
};

function rangeNeeds(needs: WatchNeeds, { session, sitting, presentation, screen }: Playing): RangeNeeds {
  const { clock } = needs;
  return {
    ...needs,
    pathways: { value: openPathways(presentation.pathways) },
    fresh: (url) => session.fresh(url),
    signal: sitting.signal,
    async mayGoOn({ sinceMs, renewToken }) {
      const isOut = screen()?.isOut() ?? true;
      // Nothing interrupts a person while there is something left to play.
      if (isOut && (session.refusal() !== '' || clock.nowMs() - sinceMs >= GIVE_UP_AFTER_MS)) return false;
      if (renewToken) await session.beat({ positionMs: screen()?.look().positionMs ?? session.resumePositionMs, playing: true });
      await pause(clock, ROUND_PAUSE_MS, sitting.signal);
      return !sitting.signal.aborted;
    },
  };
}

async function keepLooking(needs: WatchNeeds, film: Film, sitting: Sitting, screen: Screen): Promise<void> {
  while (!sitting.signal.aborted) {
    const seen = screen.look();
    needs.shows(seen.phase);
    if (seen.phase === 'ended' || seen.playedMs >= film.watchMs) sitting.over('enough');
    else if (stallingForMs(seen) >= film.stallPatienceMs) sitting.over('trouble');
    else await pause(needs.clock, LOOK_EVERY_MS, sitting.signal);
  }
}

async function keepBeating(needs: WatchNeeds, sitting: Sitting, session: PlaySession, screen: Screen): Promise<void> {
  for (;;) {
    await pause(needs.clock, session.heartbeatEveryMs, sitting.signal);
    if (sitting.signal.aborted) return;
    const { positionMs, phase } = screen.look();
    // Before the first frame, its position would overwrite the bookmark.
    if (phase === 'starting') continue;
    await session.beat({ positionMs, playing: true });
    if (session.refusal() === STOPPED) sitting.over('enough');
  }
}

function endOf(segments: readonly Segment[]): number {
  return segments.at(-1)?.endMs ?? 0;
}
