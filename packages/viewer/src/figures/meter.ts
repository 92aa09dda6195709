import type { Sent } from '../network/client.ts';
import {
  COHORTS,
  DOORS,
  type Cohort,
  type CohortFigures,
  type Counts,
  type Door,
  type DoorFigures,
  type Failure,
  type Figures,
} from './figures.ts';
import { recentStarts, type RecentStarts } from './recent-starts.ts';
import { emptyTally, type Tally } from './tally.ts';

/** Adds up what all viewers meet. */
export type Meter = {
  recorder(cohort: () => Cohort | undefined): Recorder;
  /** `atMs`: now, by the viewers' clock. */
  figures(atMs: number, viewers: Figures['viewers']): Figures;
};

/** One viewer's way to the meter. */
export type Recorder = {
  request(door: Door): CountedRequest;
  start(): CountedStart;
};

export type CountedRequest = {
  tried(sent: Sent, failure: Failure | undefined): void;
  over(end: 'answered' | 'failed' | 'unheard' | 'given_up'): void;
};

/** From pressing play; exactly one of its ends is said, once. */
export type CountedStart = {
  begun(nowMs: number, firstFrameMs: number, watching: Watching): CountedSession;
  over(end: 'failed' | 'refused' | 'closed'): void;
};

/** Asked for whenever figures are read. */
export type Watching = () => {
  readonly playedMs: number;
  readonly stalledMs: number;
  readonly stalls: number;
  readonly stallLongestMs: number;
};

export type CountedSession = { over(end: 'left' | 'broken'): void };

/** More addresses than a game day has. */
const ADDRESSES_MAX = 500;

export function createMeter({ stallMsMax }: { readonly stallMsMax: number }): Meter {
  const all = createGroup(stallMsMax);
  const groups = { control: createGroup(stallMsMax), experiment: createGroup(stallMsMax) };
  const doors = new Map<Door, DoorTally>(
    DOORS.map((door) => [door, { requests: 0, failed: 0, unheard: 0, attempts: 0, attemptsFailed: {} }]),
  );
  const bytesFrom = new Map<string, number>();

  const countBytes = ({ address, bytes }: Sent): void => {
    if (bytes === 0 || (!bytesFrom.has(address) && bytesFrom.size >= ADDRESSES_MAX)) return;
    bytesFrom.set(address, (bytesFrom.get(address) ?? 0) + bytes);
  };

  return {
    recorder(cohort) {
      const groupsNow = (): readonly Group[] => {
        const name = cohort();
        return name === undefined ? [all] : [all, groups[name]];
      };
      return {
        request: (door) => countRequest(groupsNow(), doors.get(door), countBytes),
        start: () => countStart(groupsNow()),
      };
    },
    figures(atMs, viewers) {
      const byDoor = Object.fromEntries(
        Array.from(doors, ([door, tally]) => [door, { ...tally, attemptsFailed: { ...tally.attemptsFailed } }]),
      );
      const cohorts = Object.fromEntries(COHORTS.map((name) => [name, groups[name].figures(atMs)]));
      return {
        ...all.figures(atMs),
        atMs,
        viewers,
        doors: byDoor as Record<Door, DoorFigures>,
        cohorts: cohorts as Record<Cohort, CohortFigures>,
        bytesFrom: Object.fromEntries(bytesFrom),
      };
    },
  };
}

type DoorTally = { requests: number; failed: number; unheard: number; attempts: number; attemptsFailed: Partial<Record<Failure, number>> };

function countRequest(groups: readonly Group[], door: DoorTally | undefined, countBytes: (sent: Sent) => void): CountedRequest {
  const add = (name: keyof Counts, much = 1): void => {
    for (const { tally } of groups) tally[name] += much;
  };
  return {
    tried(sent, failure) {
      countBytes(sent);
      add('attempts');
      add('bytes', sent.bytes);
      if (door !== undefined) door.attempts += 1;
      if (failure === undefined) return;
      add('attemptsFailed');
      if (door !== undefined) door.attemptsFailed[failure] = (door.attemptsFailed[failure] ?? 0) + 1;
    },
    over(end) {
      // Nobody waited for it: it says nothing about the service.
      if (end === 'given_up') return;
      add('requests');
      if (door !== undefined) door.requests += 1;
      if (end === 'failed') add('requestsFailed');
      if (end === 'failed' && door !== undefined) door.failed += 1;
      if (end === 'unheard') add('requestsUnheard');
      if (end === 'unheard' && door !== undefined) door.unheard += 1;
    },
  };
}

const ENDS = { failed: 'startsFailed', refused: 'startsRefused', closed: 'startsClosed' } as const;

function countStart(groups: readonly Group[]): CountedStart {
  for (const { tally } of groups) tally.startsTried += 1;
  return {
    begun(nowMs, firstFrameMs, watching) {
      for (const group of groups) {
        group.tally.startsBegun += 1;
        group.recent.add(nowMs, firstFrameMs);
        group.watching.add(watching);
      }
      return {
        over(end) {
          for (const group of groups) group.close(watching, end);
        },
      };
    },
    over(end) {
      for (const { tally } of groups) tally[ENDS[end]] += 1;
    },
  };
}

type Group = {
  readonly tally: Tally;
  readonly recent: RecentStarts;
  readonly watching: Set<Watching>;
  close(watching: Watching, end: 'left' | 'broken'): void;
  figures(atMs: number): CohortFigures;
};

function createGroup(stallMsMax: number): Group {
  const tally = emptyTally();
  const recent = recentStarts();
  const watching = new Set<Watching>();
  let stallLongestMs = 0;

  const addTo = (counts: Tally, session: Watching): void => {
    const { playedMs, stalledMs, stalls, stallLongestMs: longestMs } = session();
    counts.playedMs += playedMs;
    counts.stalledMs += stalledMs;
    counts.stalls += stalls;
    if (longestMs > stallMsMax) counts.sessionsStalled += 1;
    stallLongestMs = Math.max(stallLongestMs, longestMs);
  };
  return {
    tally,
    recent,
    watching,
    close(session, end) {
      if (!watching.delete(session)) return;
      addTo(tally, session);
      if (end === 'broken') tally.sessionsBroken += 1;
    },
    figures(atMs) {
      const counts = { ...tally };
      for (const session of watching) addTo(counts, session);
      counts.playedMs = Math.round(counts.playedMs);
      counts.stalledMs = Math.round(counts.stalledMs);
      const watchedMs = counts.playedMs + counts.stalledMs;
      return {
        counts,
        startsPerSecond: recent.perSecond(atMs),
        rebufferRatio: watchedMs === 0 ? 0 : counts.stalledMs / watchedMs,
        firstFrameMs: recent.firstFrameMs(),
        stallLongestMs,
      };
    },
  };
}
