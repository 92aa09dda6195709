import assert from 'node:assert/strict';
import type { LeaseAcquired } from '../port.ts';
import { all, eventually, type KvCheck, type KvSubject } from './check.ts';

const LONG_MS = 60_000;

export const leaseChecks: readonly KvCheck[] = [
  {
    name: 'gives a lease to one of a hundred concurrent askers',
    async run(subject) {
      const results = await all(100, (index) => acquire(subject, `holder ${index}`, LONG_MS));
      const held = results.flatMap((result, index) => (result.kind === 'held' ? [`holder ${index}`] : []));
      assert.equal(held.length, 1, `${held.length} hold the lease`);
      for (const result of results) if (result.kind === 'taken') assert.equal(result.holder, held[0]);
    },
  },
  {
    name: 'renews for the holder under the same fence, also when it asks to acquire again',
    async run(subject) {
      const first = await held(subject, 'me', 5_000);
      const again = await held(subject, 'me', LONG_MS);
      assert.equal(again.fence, first.fence);
      assert.ok(again.expiresAtMs > first.expiresAtMs);
      const renewed = await subject.store().registers.renewLease({ ...lease(subject, 'me'), ttlMs: LONG_MS * 2, fence: first.fence });
      assert.equal(renewed.kind, 'renewed');
      assert.equal((await acquire(subject, 'you', LONG_MS)).kind, 'taken');
    },
  },
  {
    name: 'gives an expired lease to the next asker with a greater fence; the old holder has lost it',
    async run(subject) {
      const mine = await held(subject, 'me', 1_000);
      assert.equal((await acquire(subject, 'you', LONG_MS)).kind, 'taken');
      const yours = await eventually(
        'the lease runs out',
        () => acquire(subject, 'you', LONG_MS),
        ({ kind }) => kind === 'held',
      );
      assert.ok(yours.kind === 'held' && yours.fence > mine.fence);
      assert.ok(Date.now() >= mine.expiresAtMs - 50, 'the lease was given away before it ran out');
      const late = await subject.store().registers.renewLease({ ...lease(subject, 'me'), ttlMs: LONG_MS, fence: mine.fence });
      assert.deepEqual(late, { kind: 'lost' });
      assert.equal((await acquire(subject, 'me', LONG_MS)).kind, 'taken');
    },
  },
  {
    name: 'gives an expired lease to one of many who waited for it, and to nobody twice',
    async run(subject) {
      const mine = await held(subject, 'me', 500);
      const won = new Map<string, number>();
      await all(6, async (index) => {
        const holder = `waiter ${index}`;
        const last = await eventually(
          'the lease is taken by a waiter',
          async () => {
            const answer = await acquire(subject, holder, LONG_MS);
            if (answer.kind === 'held') won.set(holder, answer.fence);
            return answer;
          },
          (answer) => answer.kind === 'held' || answer.holder !== 'me',
        );
        if (last.kind === 'taken') assert.match(last.holder, /^waiter/);
      });
      const [winner] = won.entries();
      assert.equal(won.size, 1, `${won.size} hold the lease: ${[...won.keys()].join(', ')}`);
      assert.ok(winner !== undefined && winner[1] > mine.fence);
    },
  },
  {
    name: 'frees a released lease at once, grows the fence, and ignores a release with an old fence',
    async run(subject) {
      const mine = await held(subject, 'me', LONG_MS);
      await subject.store().registers.releaseLease({ ...lease(subject, 'me'), fence: mine.fence });
      assert.deepEqual(await subject.store().registers.renewLease({ ...lease(subject, 'me'), ttlMs: 1_000, fence: mine.fence }), {
        kind: 'lost',
      });
      const yours = await held(subject, 'you', LONG_MS);
      assert.ok(yours.fence > mine.fence);
      await subject.store().registers.releaseLease({ ...lease(subject, 'me'), fence: mine.fence });
      await subject.store().registers.releaseLease({ ...lease(subject, 'you'), fence: mine.fence });
      assert.equal((await acquire(subject, 'me', LONG_MS)).kind, 'taken');
      await subject.store().registers.releaseLease({ ...lease(subject, 'you'), fence: yours.fence });
      const mineAgain = await held(subject, 'me', LONG_MS);
      assert.ok(mineAgain.fence > yours.fence);
    },
  },
  {
    name: 'keeps a lease and its fence over a restart',
    async run(subject) {
      const mine = await held(subject, 'me', LONG_MS);
      await subject.reopen();
      assert.equal((await acquire(subject, 'you', LONG_MS)).kind, 'taken');
      assert.equal((await held(subject, 'me', LONG_MS)).fence, mine.fence);
    },
  },
  {
    name: 'lets two workers that check their fence never work at the same time',
    async run(subject) {
      let working = 0;
      let turns = 0;
      let lastFence = 0;
      await all(8, async (index) => {
        for (let turn = 0; turn < 5; turn += 1) {
          const mine = await eventually(
            'a turn',
            () => acquire(subject, `worker ${index}`, LONG_MS),
            ({ kind }) => kind === 'held',
            60_000,
          );
          assert.ok(mine.kind === 'held');
          working += 1;
          assert.equal(working, 1, 'two hold the lease');
          assert.ok(mine.fence > lastFence, 'the fence did not grow');
          lastFence = mine.fence;
          await new Promise((resolve) => setImmediate(resolve));
          working -= 1;
          turns += 1;
          await subject.store().registers.releaseLease({ ...lease(subject, `worker ${index}`), fence: mine.fence });
        }
      });
      assert.equal(turns, 40);
    },
  },
];

function lease({ namespace }: KvSubject, holder: string): { namespace: string; name: string; holder: string } {
  return { namespace, name: 'lease', holder };
}

function acquire(subject: KvSubject, holder: string, ttlMs: number): Promise<LeaseAcquired> {
  return subject.store().registers.acquireLease({ ...lease(subject, holder), ttlMs });
}

async function held(subject: KvSubject, holder: string, ttlMs: number): Promise<LeaseAcquired & { kind: 'held' }> {
  const result = await acquire(subject, holder, ttlMs);
  assert.ok(result.kind === 'held', `expected ${holder} to hold the lease, but it is ${JSON.stringify(result)}`);
  return result;
}
