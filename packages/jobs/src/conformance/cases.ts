import type { Jobs } from '../port.ts';
import { leaseCases } from './lease-cases.ts';
import { lifeCases } from './life-cases.ts';
import { orderCases } from './order-cases.ts';

export type OpenedJobs = {
  /** Another opener of the same queues, as another process would be. */
  readonly another: () => Promise<Jobs>;
  readonly close: () => Promise<void>;
};
export type JobCase = { readonly name: string; readonly run: (opened: OpenedJobs) => Promise<void> };

/** What every engine of the port must do. Apart from the test runner, so that a broken engine can be shown to fail. */
export const cases: readonly JobCase[] = [...lifeCases, ...orderCases, ...leaseCases];
