import type { Clock } from './clock.ts';
import type { Cohort, Figures, Summary } from './figures/figures.ts';
import type { Resolve } from './names/resolve.ts';

/** Origins without a trailing slash, as a browser's address bar shows them: `http://app.localhost:8080`. */
export type Doors = { readonly app: string; readonly api: string; readonly play: string };

/** A client network: where some of the viewers sit. */
export type Place = {
  /** What is said of it in messages, such as `region a`. */
  readonly name: string;
  readonly resolve: Resolve;
  /** Each viewer gets a source address of its own from it, such as `127.101.0.0/16`. Without: whatever the system takes. */
  readonly network?: string;
};

export type Credentials = { readonly email: string; readonly password: string };

/** How people are. Milliseconds, each a mean around which viewers vary, or a limit. */
export type Habits = {
  /** Between two films, and before the first one. */
  readonly browseMs: number;
  /** How much of a film is watched before leaving it, unless it ends earlier. */
  readonly watchMs: number;
  /** Share of films (0 to 1) that are gone on with after leaving them, by their bookmark. */
  readonly resumeShare: number;
  /** Longest wait for a first frame. */
  readonly startPatienceMs: number;
  /** Longest wait in a stall. */
  readonly stallPatienceMs: number;
};

export const HABITS: Habits = { browseMs: 4_000, watchMs: 60_000, resumeShare: 0.2, startPatienceMs: 20_000, stallPatienceMs: 30_000 };

export type ViewersOptions = {
  readonly count: number;
  readonly doors: Doors;
  /** The same seed makes the same viewers with the same habits, in the same order. */
  readonly seed: number;
  /** Taken in turn. Without: one place that reaches every name at 127.0.0.1. */
  readonly places?: readonly Place[];
  /** Needed where the service has members; taken in turn, so an account may be used by several viewers. */
  readonly accounts?: readonly Credentials[];
  /** How members browse: body of the graph request for the home page, `{documentId, variables}` or `{query, variables}`. */
  readonly homeQuestion?: object;
  readonly habits?: Partial<Habits>;
  /** The best rung up to this height is fetched. Without: the smallest one. */
  readonly heightMax?: number;
  /** PEM certificates trusted for `https`, of a service with an authority of its own. */
  readonly authority?: string;
  /** All of them have begun after this long. Default: 10 s. */
  readonly rampMs?: number;
  /** What `sessionsStalled` counts: longer stalls. Default: 3 s, the product's promise. */
  readonly stallMsMax?: number;
  /** By account id, or viewer id where there are no members. Default: half and half by a stable hash. */
  readonly cohortOf?: (id: string) => Cohort | undefined;
  readonly clock?: Clock;
};

export type Viewers = {
  /** A fresh reading. */
  figures(): Figures;
  /** One reading a second from now until `stop`; a reader that is late misses readings, never delays them. */
  samples(): AsyncIterable<Figures>;
  /** More of them come at once; who is too many leaves as people do, ending the session. Resolves when they are gone. */
  resize(count: number): Promise<void>;
  /** Everybody leaves. Idempotent. */
  stop(): Promise<Summary>;
};

/** Throws at once, naming the option, when the options cannot be. Viewers' troubles are figures and never thrown. */
export type StartViewers = (options: ViewersOptions) => Viewers;
