import * as fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Clock } from '../clock.ts';
import { createNames } from './names.ts';
import { networkAddress } from './network-address.ts';
import type { Resolve } from './resolve.ts';

/** A clock that stands until it is told to go. */
function standing(): Clock & { now: number } {
  const clock = { now: 1_000, nowMs: () => clock.now, after: () => () => undefined };
  return clock;
}

describe('the names a viewer knows', () => {
  it('are asked for again when their time to live has passed, not before', async () => {
    let asked = 0;
    const resolve: Resolve = async () => ({ addresses: [`127.0.0.${(asked += 1)}`], ttlSeconds: 30 });
    const clock = standing();
    const names = createNames(resolve, clock, {});
    assert.deepEqual(await names.lookUp('a.example'), ['127.0.0.1']);
    clock.now += 29_999;
    assert.deepEqual(await names.lookUp('a.example'), ['127.0.0.1']);
    clock.now += 1;
    assert.deepEqual(await names.lookUp('a.example'), ['127.0.0.2']);
  });

  it('are asked for once by all who want them at the same time', async () => {
    let asked = 0;
    const answer = Promise.withResolvers<{ addresses: string[]; ttlSeconds: number }>();
    const names = createNames(() => ((asked += 1), answer.promise), standing(), {});
    const both = [names.lookUp('a.example'), names.lookUp('a.example')];
    answer.resolve({ addresses: ['127.0.0.1'], ttlSeconds: 30 });
    assert.deepEqual(await Promise.all(both), [['127.0.0.1'], ['127.0.0.1']]);
    assert.equal(asked, 1);
  });

  it('do not remember that there was no answer', async () => {
    let asked = 0;
    const resolve: Resolve = async () => {
      asked += 1;
      if (asked === 1) throw new Error('no server answers');
      return { addresses: ['127.0.0.1'], ttlSeconds: 30 };
    };
    const names = createNames(resolve, standing(), {});
    assert.deepEqual(await names.lookUp('a.example'), []);
    assert.deepEqual(await names.lookUp('a.example'), ['127.0.0.1']);
  });

  it('put an address where nobody listens last, until the name is asked for again', async () => {
    const clock = standing();
    const names = createNames(async () => ({ addresses: ['127.0.0.1', '127.0.0.2'], ttlSeconds: 30 }), clock, {});
    await names.lookUp('a.example');
    names.failed('a.example', '127.0.0.1');
    assert.deepEqual(await names.lookUp('a.example'), ['127.0.0.2', '127.0.0.1']);
    clock.now += 30_000;
    assert.deepEqual(await names.lookUp('a.example'), ['127.0.0.1', '127.0.0.2']);
  });

  it('are no names when they are addresses', async () => {
    const names = createNames(() => Promise.reject(new Error('nobody asks')), standing(), {});
    assert.deepEqual(await names.lookUp('127.1.1.11'), ['127.1.1.11']);
    assert.deepEqual(await names.lookUp('[::1]'), ['::1']);
  });
});

describe('addresses of a client network', () => {
  it('are all within it, and different as long as there are some left', () => {
    const first = Array.from({ length: 100 }, (_, index) => networkAddress('127.101.0.0/16', index).split('.').slice(0, 3).join('.'));
    assert(new Set(first).size > 90, 'a hundred viewers sit in nearly as many /24s');
    assert.deepEqual([0, 1, 2, 3].map((index) => networkAddress('192.0.2.8/30', index)).toSorted(), [
      '192.0.2.10',
      '192.0.2.10',
      '192.0.2.9',
      '192.0.2.9',
    ]);
    fc.assert(
      fc.property(fc.nat(65_533), fc.nat(65_533), (one, other) => {
        assert.match(networkAddress('127.101.3.4/16', one), /^127\.101\.\d+\.\d+$/);
        assert.equal(networkAddress('127.101.0.0/16', one) === networkAddress('127.101.0.0/16', other), one === other);
      }),
    );
  });
  it('are refused for what is no network', () => {
    for (const network of ['127.101.0.0', '127.101.0.0/31', '127.101.0.256/16', '::1/64', ''])
      assert.throws(() => networkAddress(network, 0), RangeError);
  });
});
