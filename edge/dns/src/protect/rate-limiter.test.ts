import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { createRateLimiter } from './rate-limiter.ts';

const LIMITS = { perSecond: 10, slip: 2, exempt: [], seed: 42 };
const ADA = Uint8Array.of(192, 0, 2, 1);

describe('the rate limiter', () => {
  it('sends at most what a second allows, from a whole network, and the same again a second later', () => {
    const limiter = createRateLimiter(LIMITS);
    const neighbour = Uint8Array.of(192, 0, 2, 250);
    const sent = (nowMs: number): number =>
      Array.from({ length: 50 }, (_, i) => limiter.judge(i % 2 === 0 ? ADA : neighbour, 1, nowMs)).filter((verdict) => verdict === 'send')
        .length;
    assert.deepEqual([sent(1_000), sent(1_100), sent(2_100), sent(60_000)], [10, 1, 10, 10]);
  });

  it('answers every second of those beyond briefly, or all, or none', () => {
    for (const [slip, brief] of [
      [2, 20],
      [1, 40],
      [0, 0],
    ] as const) {
      const limiter = createRateLimiter({ ...LIMITS, slip });
      const verdicts = Array.from({ length: 50 }, () => limiter.judge(ADA, 1, 0));
      assert.equal(verdicts.filter((verdict) => verdict === 'brief').length, brief);
      assert.equal(verdicts.filter((verdict) => verdict === 'drop').length, 40 - brief);
    }
  });

  it('counts other networks, families and kinds of answers apart', () => {
    const limiter = createRateLimiter({ ...LIMITS, perSecond: 1 });
    const others = [
      ADA,
      Uint8Array.of(192, 0, 3, 1),
      Uint8Array.from({ length: 16 }, () => 1),
      Uint8Array.from({ length: 16 }, (_, i) => (i === 6 ? 2 : 1)),
    ];
    for (const client of others) for (const kind of [1, 2]) assert.equal(limiter.judge(client, kind, 0), 'send');
    assert.notEqual(
      limiter.judge(
        Uint8Array.from({ length: 16 }, (_, i) => (i > 6 ? 9 : 1)),
        1,
        0,
      ),
      'send',
    );
  });

  it('leaves alone who is exempt, to the bit, and everybody when there is no limit', () => {
    const exempt = [{ bytes: Uint8Array.of(192, 0, 2, 0), prefix: 25 }];
    const limiter = createRateLimiter({ ...LIMITS, perSecond: 1, exempt });
    const sent = (client: Uint8Array): number =>
      Array.from({ length: 5 }, () => limiter.judge(client, 1, 0)).filter((verdict) => verdict === 'send').length;
    assert.deepEqual([sent(ADA), sent(Uint8Array.of(192, 0, 2, 128)), sent(Uint8Array.of(192, 0, 3, 1))], [5, 1, 1]);
    const free = createRateLimiter({ ...LIMITS, perSecond: 0 });
    assert.equal(
      Array.from({ length: 99 }, () => free.judge(ADA, 1, 0)).every((verdict) => verdict === 'send'),
      true,
    );
  });

  it('never sends more than the burst and the rate, at whatever times queries come, clocks that jump back included', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 400 }), { maxLength: 200 }), (steps) => {
        const limiter = createRateLimiter(LIMITS);
        let nowMs = 1_000_000;
        let forward = 0;
        let sent = 0;
        for (const step of steps) {
          nowMs += step;
          forward += Math.max(0, step);
          if (limiter.judge(ADA, 1, nowMs) === 'send') sent += 1;
        }
        assert.ok(sent <= 10 + (forward * 10) / 1_000 + 1);
      }),
    );
  });
});
