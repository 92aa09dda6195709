import type { Refusal } from './refusals.ts';

/** What decisions rest on. */
export const SIGNALS = ['membership', 'profile', 'account', 'title', 'country', 'streams', 'devices'] as const;
export type SignalName = (typeof SIGNALS)[number];

/** What operators work on. */
export const AREAS = [
  /** Titles and their preparation, people, pictures, windows. */
  'films',
  /** Accounts, devices, memberships; the clocks of test accounts. */
  'members',
  /** Who becomes an operator. */
  'operators',
  /** What members pay and paid. */
  'money',
  /** Plans and their prices. */
  'plans',
  /** The outbox. */
  'mail',
  /** The apps' texts. */
  'texts',
  'appliances',
  'regions',
  /** Plays as they begin. */
  'live',
  /** Any question to the graph, and what it is like. */
  'graph',
  /** How decisions are made. */
  'policies',
] as const;
export type Area = (typeof AREAS)[number];

export const BATCH_TITLES_MAX = 500;

/** The log topic of decisions: all refusals, a sample of grants, one record for a batch; keyed by account. A record may be missing when the log was down for long. */
export const DECISIONS_TOPIC = 'access.decisions';

/** Value of an `access.decided` record, as JSON. */
export type DecisionRecord = {
  readonly atMs: number;
  readonly requestId: string;
  /** The unit that asked. */
  readonly caller: string;
  readonly accountId: string;
  readonly profileId: string;
  readonly deviceId: string;
  readonly action: string;
  /** Title or area; empty for a batch. */
  readonly resource: string;
  /** Null: granted. */
  readonly because: Refusal | null;
  /** Of batches: how many titles were decided each way; `granted` among them. */
  readonly counts?: Readonly<Record<string, number>>;
  readonly policies: readonly string[];
  /** Signals that were not fresh. */
  readonly without: readonly SignalName[];
  readonly policyVersion: string;
  /** Of how many like it this stands for: 1 for refusals. */
  readonly standsFor: number;
};
