import { after, before, describe, it } from 'node:test';
import type { KvStore } from '../port.ts';
import { type KvCheck, type KvSubject, randomFrom } from './check.ts';
import { itemChecks } from './items.ts';
import { itemModelChecks } from './items-model.ts';
import { leaseChecks } from './leases.ts';
import { limitChecks } from './limits.ts';
import { registerChecks } from './registers.ts';
import { raceChecks } from './races.ts';
import { streamChecks } from './streams.ts';
import { subscriptionChecks } from './subscriptions.ts';

export type { KvCheck, KvSubject } from './check.ts';

/** An engine under test: how to open it again on the same data, and how to end it and remove what it left. */
export type KvEngineUnderTest = { readonly store: KvStore; reopen(): Promise<KvStore>; close(): Promise<void> };

const PARTS = {
  items: itemChecks,
  itemModel: itemModelChecks,
  registers: registerChecks,
  leases: leaseChecks,
  streams: streamChecks,
  subscriptions: subscriptionChecks,
  races: raceChecks,
  limits: limitChecks,
} as const satisfies Record<string, readonly KvCheck[]>;
export type KvPart = keyof typeof PARTS;
export const KV_PARTS = Object.keys(PARTS) as readonly KvPart[];

/** Every promise of the port, each with what shows whether it is kept. */
export const KV_CHECKS: readonly KvCheck[] = Object.values(PARTS).flat();

/** Registers the suite, or some parts of it, with `node:test`. `open` is called once; checks keep apart by namespace. */
export function describeKvConformance(name: string, open: () => Promise<KvEngineUnderTest>, parts: readonly KvPart[] = KV_PARTS): void {
  describe(`${name} keeps the promises of the key-value port`, () => {
    let subjects: (check: KvCheck) => KvSubject;
    let engine: KvEngineUnderTest;
    before(async () => {
      engine = await open();
      subjects = subjectsOf(engine);
    });
    after(() => engine.close());
    for (const check of parts.flatMap((part) => PARTS[part])) {
      it(check.name, async (test) => {
        const subject = subjects(check);
        test.diagnostic(`seed ${subject.seed}`);
        await check.run(subject);
      });
    }
  });
}

/** Gives each check a namespace of its own on one engine. The seed is `BIOSCOPE_TEST_SEED` or new each time. */
export function subjectsOf(engine: KvEngineUnderTest): (check: KvCheck) => KvSubject {
  const seed = Number(process.env['BIOSCOPE_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  let store = engine.store;
  let count = 0;
  return () => {
    count += 1;
    return {
      store: () => store,
      namespace: `check_${count}`,
      reopen: async () => {
        store = await engine.reopen();
      },
      random: randomFrom(seed + count),
      seed,
    };
  };
}
