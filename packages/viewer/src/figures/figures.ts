/** The two halves of an experiment. */
export const COHORTS = ['control', 'experiment'] as const;
export type Cohort = (typeof COHORTS)[number];

/** What a viewer asks, by what would answer it. */
export const DOORS = ['page', 'session', 'catalogue', 'playback', 'manifest', 'steering', 'segment'] as const;
export type Door = (typeof DOORS)[number];

/** How one try of a request went wrong. `short`: other bytes, fewer or more, than were asked for. `refused`: a status that no retry mends. */
export const FAILURES = ['unreachable', 'broken_off', 'slow', 'silent', 'busy', 'server_error', 'refused', 'short', 'unresolved'] as const;
export type Failure = (typeof FAILURES)[number];

/**
 * Sums since the viewers were started: what happened in a span is the difference of two readings.
 *
 * A **request** is what the app or the player wants, an **attempt** one time it is sent. A request **fails** when the client's own documented
 * retries are spent and the person in front of the screen would notice. One that the client gives up without a word (a heartbeat, a steering
 * poll, the end of a session) is **unheard**.
 */
export type Counts = {
  /** Pressed play. Each ends as exactly one of the five that follow, or is still under way. */
  readonly startsTried: number;
  /** Saw a first frame. */
  readonly startsBegun: number;
  /** Trouble on our side, or the person went away because it took too long. */
  readonly startsFailed: number;
  /** The service said no, such as to one stream too many. No failure. */
  readonly startsRefused: number;
  /** Closed by `resize` or `stop` before there was a frame. No failure. */
  readonly startsClosed: number;
  /** Sessions that had begun and ended because of trouble, or because a stall outlasted the person's patience. */
  readonly sessionsBroken: number;
  /** Sessions in which one stall was longer than `stallMsMax` of the options. */
  readonly sessionsStalled: number;
  readonly requests: number;
  readonly requestsFailed: number;
  readonly requestsUnheard: number;
  readonly attempts: number;
  readonly attemptsFailed: number;
  /** Of bodies, decompressed by nobody. */
  readonly bytes: number;
  readonly playedMs: number;
  /** Exact time without a picture after the first frame. */
  readonly stalledMs: number;
  /** Those that a person sees: 250 ms and longer. */
  readonly stalls: number;
};

/** One reading. Times are milliseconds. */
export type CohortFigures = {
  readonly counts: Counts;
  /** First frames in the last ten seconds, per second. */
  readonly startsPerSecond: number;
  /** 0 to 1: stalled / (played + stalled), since the start. */
  readonly rebufferRatio: number;
  /** From pressing play to the first frame, of the last 1,000 starts; zero while there is none. */
  readonly firstFrameMs: { readonly median: number; readonly p95: number; readonly longest: number };
  /** The longest stall so far, running ones included. */
  readonly stallLongestMs: number;
};

export type DoorFigures = {
  readonly requests: number;
  readonly failed: number;
  readonly unheard: number;
  readonly attempts: number;
  /** Tries that failed, by class; what never happened is left out. */
  readonly attemptsFailed: Readonly<Partial<Record<Failure, number>>>;
};

export type Figures = CohortFigures & {
  /** By the clock that was given in. */
  readonly atMs: number;
  readonly viewers: {
    readonly wanted: number;
    /** Choosing, or between two films. */
    readonly browsing: number;
    readonly starting: number;
    readonly playing: number;
    readonly stalled: number;
  };
  readonly doors: Readonly<Record<Door, DoorFigures>>;
  /** Who belongs to no cohort (a member before signing in) is in none, but in the sums above. */
  readonly cohorts: Readonly<Record<Cohort, CohortFigures>>;
  /** By address (`127.1.1.1:8080`): bytes since the start, so that one sees who serves. At most 500 addresses. */
  readonly bytesFrom: Readonly<Record<string, number>>;
};

/** After the last viewer has left. */
export type Summary = Figures & {
  readonly startedAtMs: number;
  readonly secondsWatched: number;
  readonly requestsFailedPerMillion: number;
  /** CPU of this process between start and stop, by all that runs in it. */
  readonly cpuMs: number;
};
