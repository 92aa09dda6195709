import type { FaultRule } from '../fault/rule.ts';
import type { Selection } from '../process/fleet.ts';
import type { Bound } from './figures.ts';

/** What is believed, what is done to find out, and when to stop at once. One file each, reviewed like code. */
export type Experiment = {
  readonly name: string;
  /** One sentence that may turn out false. */
  readonly hypothesis: string;
  /** What is to catch the fault. For readers; the bounds prove it. */
  readonly fallback: string;
  /** Holds before, during and after; else the hypothesis is refuted, or not even tried. */
  readonly steady: readonly Bound[];
  readonly fault: Fault;
  /** Share of all accounts that meet the fault; as many others are the control group. Absent: everybody. */
  readonly size?: number;
  readonly seconds: number;
  /** How long the steady state is watched before. */
  readonly settleSeconds: number;
  /** After the fault: until everything is as it was. */
  readonly recoverSeconds: number;
  readonly abort: {
    /** Stop at once where one of them does not hold, seen over the whole time of the fault. */
    readonly bounds: readonly Bound[];
    /** Stop when the experiment group fails more than the control group; the chance of a false alarm, over any length of watching. */
    readonly alpha: number;
  };
  /** What must come about while the fault lasts. */
  readonly expect?: { readonly condition: string; readonly args: Arguments; readonly withinSeconds: number };
  /** Done once the fault is undone, where that alone does not bring everything back: a region that was evacuated is restored. */
  readonly after?: { readonly action: string; readonly args: Arguments };
  /** Failed requests are part of the plan and do not count against the service. */
  readonly failuresExpected: boolean;
};

export type Fault =
  | { readonly kind: 'kill' | 'hold' | 'pause' | 'restart'; readonly selection: Selection }
  | { readonly kind: 'rules'; readonly rules: readonly FaultRule[] }
  /** Something that whoever runs the experiment knows how to do and undo. */
  | { readonly kind: 'do'; readonly action: string; readonly args: Arguments };

export type Arguments = Readonly<Record<string, string>>;

/** `name` of a file, a rule, a report's anchor. */
export const EXPERIMENT_NAME = /^[a-z0-9][a-z0-9-]{0,47}$/;
/** Half a day; longer is not an experiment but how things are. */
export const SECONDS_MAX = 43_200;
