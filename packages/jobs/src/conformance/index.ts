import { describe, it } from 'node:test';
import { cases } from './cases.ts';
import type { OpenedJobs } from './cases.ts';

export { cases } from './cases.ts';
export type { JobCase, OpenedJobs } from './cases.ts';

/** Registers every promise of the jobs port as a test. `open` gives empty queues on one store; each case gets its own. */
export function describeJobsConformance(name: string, open: () => Promise<OpenedJobs>): void {
  describe(`jobs conformance: ${name}`, () => {
    for (const each of cases) {
      it(each.name, { timeout: 30_000 }, async () => {
        const opened = await open();
        try {
          await each.run(opened);
        } finally {
          await opened.close();
        }
      });
    }
  });
}
