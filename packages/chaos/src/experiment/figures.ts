/** What people notice of the service, as sums since some beginning. Synthetic viewers tell it, or the members' own players. */
export type Counts = {
  readonly startsBegun: number;
  readonly startsFailed: number;
  readonly requests: number;
  readonly requestsFailed: number;
  readonly sessionsStalled: number;
  readonly sessionsBroken: number;
  readonly playedMs: number;
  readonly stalledMs: number;
};

export type Reading = {
  readonly atMs: number;
  readonly playing: number;
  readonly counts: Counts;
  readonly cohorts: { readonly control: Counts; readonly experiment: Counts };
};

/** Where experiments read. Rejecting means that nobody knows how the service is: then nothing is broken on purpose. */
export type FigureSource = { read(): Promise<Reading> | Reading };

export const FIGURE_NAMES = [
  'startsPerSecond',
  'startFailureRate',
  'requests',
  'requestsFailed',
  'requestsFailedPerMillion',
  'sessionsStalled',
  'sessionsBroken',
  'rebufferRatio',
  'playing',
] as const;
export type FigureName = (typeof FIGURE_NAMES)[number];
export type Bound = { readonly figure: FigureName; readonly atLeast?: number; readonly atMost?: number };
export type Span = Readonly<Record<FigureName, number>>;

/** What happened between two readings. Rates of nothing are zero. */
export function spanBetween(from: Reading, to: Reading): Span {
  const counts = countsBetween(from.counts, to.counts);
  const seconds = (to.atMs - from.atMs) / 1_000;
  return {
    startsPerSecond: ratio(counts.startsBegun, seconds),
    startFailureRate: ratio(counts.startsFailed, counts.startsBegun + counts.startsFailed),
    requests: counts.requests,
    requestsFailed: counts.requestsFailed,
    requestsFailedPerMillion: ratio(counts.requestsFailed * 1_000_000, counts.requests),
    sessionsStalled: counts.sessionsStalled,
    sessionsBroken: counts.sessionsBroken,
    rebufferRatio: ratio(counts.stalledMs, counts.playedMs + counts.stalledMs),
    playing: to.playing,
  };
}

export const NO_COUNTS: Counts = {
  startsBegun: 0,
  startsFailed: 0,
  requests: 0,
  requestsFailed: 0,
  sessionsStalled: 0,
  sessionsBroken: 0,
  playedMs: 0,
  stalledMs: 0,
};

export function countsBetween(from: Counts, to: Counts): Counts {
  return {
    startsBegun: to.startsBegun - from.startsBegun,
    startsFailed: to.startsFailed - from.startsFailed,
    requests: to.requests - from.requests,
    requestsFailed: to.requestsFailed - from.requestsFailed,
    sessionsStalled: to.sessionsStalled - from.sessionsStalled,
    sessionsBroken: to.sessionsBroken - from.sessionsBroken,
    playedMs: to.playedMs - from.playedMs,
    stalledMs: to.stalledMs - from.stalledMs,
  };
}

/** A sentence for each bound that does not hold. */
export function violations(span: Span, bounds: readonly Bound[]): readonly string[] {
  return bounds.flatMap(({ figure, atLeast, atMost }) => {
    const value = span[figure];
    const shown = Number.isInteger(value) ? value : Number(value.toPrecision(3));
    if (atLeast !== undefined && value < atLeast) return [`${figure} is ${shown}, not at least ${atLeast}`];
    if (atMost !== undefined && value > atMost) return [`${figure} is ${shown}, not at most ${atMost}`];
    return [];
  });
}

function ratio(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}
