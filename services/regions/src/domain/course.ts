/** What an evacuation and a return do to a region, and what they have done: the fold of the events that are kept. */
export type Course = {
  /** Regions that no run ever touched are absent: they are `UNTOUCHED`. */
  readonly directed: ReadonlyMap<string, Directed>;
  /** The latest, oldest first. */
  readonly runs: readonly Run[];
};

export const REGION_STATES = ['serving', 'evacuating', 'evacuated', 'restoring'] as const;
export type RegionState = (typeof REGION_STATES)[number];

/** How a region is to be treated. */
export type Directed = {
  readonly state: RegionState;
  /** 0 to 1: the part of the near client networks that DNS sends here. */
  readonly weight: number;
  /** 0 to 1: the part of its requests that its gateways hand to other regions. */
  readonly bridgeShare: number;
  /** 0 to 1, times `weight`: what a region that has too much to do still gets. */
  readonly relief: number;
  readonly relievedAtMs: number;
};

export const RUN_KINDS = ['evacuate', 'restore'] as const;
export type RunKind = (typeof RUN_KINDS)[number];
export const STEP_KINDS = ['checked', 'bridge', 'held', 'back', 'dns', 'drained', 'verified'] as const;
export type StepKind = (typeof STEP_KINDS)[number];
export const OUTCOMES = ['done', 'given_up', 'superseded'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export type RunStep = Pick<Directed, 'weight' | 'bridgeShare'> & {
  readonly atMs: number;
  readonly kind: StepKind;
  /** One sentence with what was measured. */
  readonly text: string;
};

export type Verification = {
  readonly passed: boolean;
  readonly measured: boolean;
  readonly arrivedPerSecondBefore: number;
  readonly arrivedPerSecondAfter: number;
  readonly shareStillArriving: number;
  readonly servedHerePerSecond: number;
  readonly secondsUntilLastArrival: number;
  readonly secondsFromDnsToLastArrival: number;
  readonly text: string;
};

/** What a run was begun with. */
export type RunBegun = {
  readonly id: string;
  readonly kind: RunKind;
  readonly region: string;
  readonly reason: string;
  /** "" when the service began by itself. */
  readonly by: string;
  readonly force: boolean;
  readonly startedAtMs: number;
  readonly bridgeTo: readonly string[];
  readonly arrivedPerSecondBefore: number;
  /** Of every region, 0 to 1: what errors are compared with. */
  readonly errorRatesBefore: Readonly<Record<string, number>>;
};

export type Run = RunBegun & {
  readonly steps: readonly RunStep[];
  /** Null while it goes on. */
  readonly ended: { readonly atMs: number; readonly outcome: Outcome } | null;
  readonly verification: Verification | null;
};

export const COURSE_EVENT_TYPES = ['run.begun', 'run.stepped', 'run.ended', 'region.relieved'] as const;
export type CourseEvent =
  | ({ readonly type: 'run.begun' } & RunBegun)
  | ({ readonly type: 'run.stepped'; readonly runId: string } & RunStep)
  | {
      readonly type: 'run.ended';
      readonly runId: string;
      readonly atMs: number;
      readonly outcome: Exclude<Outcome, 'superseded'>;
      readonly state: RegionState;
      readonly verification: Verification | null;
    }
  | { readonly type: 'region.relieved'; readonly region: string; readonly atMs: number; readonly relief: number; readonly text: string };

export const NO_COURSE: Course = { directed: new Map(), runs: [] };
export const UNTOUCHED: Directed = { state: 'serving', weight: 1, bridgeShare: 0, relief: 1, relievedAtMs: 0 };
/** What people look back at; older runs stay in the store's history. */
export const RUNS_KEPT_MAX = 100;

export function directedOf(course: Course, region: string): Directed {
  return course.directed.get(region) ?? UNTOUCHED;
}

/** The run that goes on, of which there is at most one. */
export function activeRun(course: Course): Run | undefined {
  return course.runs.findLast((run) => run.ended === null);
}

export function foldCourse(course: Course, event: CourseEvent): Course {
  switch (event.type) {
    case 'run.begun': {
      const { type: _, ...begun } = event;
      // A run of the same region may be turned: the one before ends here.
      const before = course.runs.map((run) =>
        run.ended === null ? { ...run, ended: { atMs: begun.startedAtMs, outcome: 'superseded' as const } } : run,
      );
      const runs = [...before, { ...begun, steps: [], ended: null, verification: null }].slice(-RUNS_KEPT_MAX);
      // Who comes back comes back whole; who leaves goes on leaving from where it is.
      const change = begun.kind === 'evacuate' ? ({ state: 'evacuating' } as const) : ({ state: 'restoring', relief: 1 } as const);
      return { runs, directed: directing(course, begun.region, change) };
    }
    case 'run.stepped': {
      const { type: _, runId, ...step } = event;
      const run = course.runs.find(({ id }) => id === runId);
      if (run === undefined) return course;
      const { weight, bridgeShare } = step;
      return {
        runs: replacing(course.runs, { ...run, steps: [...run.steps, step] }),
        directed: directing(course, run.region, { weight, bridgeShare }),
      };
    }
    case 'run.ended': {
      const run = course.runs.find(({ id }) => id === event.runId);
      if (run === undefined) return course;
      const ended = { atMs: event.atMs, outcome: event.outcome };
      return {
        runs: replacing(course.runs, { ...run, ended, verification: event.verification }),
        directed: directing(course, run.region, { state: event.state }),
      };
    }
    case 'region.relieved': {
      const { region, relief, atMs } = event;
      return { ...course, directed: directing(course, region, { relief, relievedAtMs: atMs }) };
    }
    default:
      return event satisfies never;
  }
}

function replacing(runs: readonly Run[], changed: Run): readonly Run[] {
  return runs.map((run) => (run.id === changed.id ? changed : run));
}

function directing(course: Course, region: string, change: Partial<Directed>): ReadonlyMap<string, Directed> {
  return new Map(course.directed).set(region, { ...directedOf(course, region), ...change });
}
