import { after, before, describe, it } from 'node:test';
import type { Log } from '../port.ts';
import type { LogCheck, LogSubject } from './check.ts';
import { deliveryChecks } from './delivery.ts';
import { regroupingChecks } from './regrouping.ts';
import { rejectionChecks } from './rejection.ts';

export type { LogCheck, LogSubject } from './check.ts';

/** An engine under test: how to open it again on the same data, and how to end it and remove what it left. */
export type LogEngineUnderTest = { readonly log: Log; reopen(): Promise<Log>; close(): Promise<void> };

/** Every promise of the port, each with what shows whether it is kept. */
export const LOG_CHECKS: readonly LogCheck[] = [...deliveryChecks, ...rejectionChecks, ...regroupingChecks];

/** Registers the whole suite with `node:test`. `open` is called once; checks keep apart by topic. `skip`: the reason why not to run it. */
export function describeLogConformance(
  name: string,
  open: () => Promise<LogEngineUnderTest>,
  { skip = false }: { skip?: string | false } = {},
): void {
  describe(`${name} keeps the promises of the log port`, { skip }, () => {
    let engine: LogEngineUnderTest;
    let subjects: () => LogSubject;
    before(async () => {
      engine = await open();
      subjects = logSubjectsOf(engine);
    });
    after(() => engine.close());
    for (const check of LOG_CHECKS) it(check.name, () => check.run(subjects()));
  });
}

/** Gives each check a topic of its own on one engine. */
export function logSubjectsOf(engine: LogEngineUnderTest): () => LogSubject {
  let log = engine.log;
  let count = 0;
  return () => {
    count += 1;
    return {
      log: () => log,
      topic: `check-${count}`,
      reopen: async () => {
        log = await engine.reopen();
      },
    };
  };
}
