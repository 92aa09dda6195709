import type { Counts } from './figures.ts';

/** Counts that grow. */
export type Tally = { -readonly [Name in keyof Counts]: number };

export function emptyTally(): Tally {
  return {
    startsTried: 0,
    startsBegun: 0,
    startsFailed: 0,
    startsRefused: 0,
    startsClosed: 0,
    sessionsBroken: 0,
    sessionsStalled: 0,
    requests: 0,
    requestsFailed: 0,
    requestsUnheard: 0,
    attempts: 0,
    attemptsFailed: 0,
    bytes: 0,
    playedMs: 0,
    stalledMs: 0,
    stalls: 0,
  };
}
