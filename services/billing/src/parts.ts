import type { Logger } from '@bioscope/telemetry';

import type { BillingConfig } from './config.ts';
import type { Memberships } from './memberships.ts';
import type { Processor } from './processor.ts';
import type { BillingStore } from './store.ts';
import type { Wakeups } from './wakeups.ts';

/** Between any two of these the process may die; a test ends it at each. */
export const MILESTONES = [
  'woken',
  'intended',
  'charged',
  'answered',
  'outcome_kept',
  'invoice_numbered',
  'invoice_kept',
  'member_told',
  'period_kept',
] as const;
export type Milestone = (typeof MILESTONES)[number];

/** What billing works with. */
export type BillingParts = {
  readonly store: BillingStore;
  readonly memberships: Memberships;
  readonly processor: Processor;
  readonly wakeups: Pick<Wakeups, 'at'>;
  readonly config: BillingConfig;
  readonly nowMs: () => number;
  /** Called after each step that lasts. */
  readonly reached: (milestone: Milestone) => void;
  readonly log: Logger;
};
