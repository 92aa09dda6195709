import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from 'fast-check';

import { devicesOf } from './devices.ts';
import { firstRefreshToken } from './refresh-token.ts';
import { newSession, type Session } from './session.ts';

function session(deviceId: string, createdAtMs: number, id = `${deviceId}-${createdAtMs}`): Session {
  const device = { id: deviceId, name: '', kind: 'browser' } as const;
  return newSession(firstRefreshToken(id, Buffer.alloc(48)), { accountId: 'a1', device, epoch: 1, nowMs: createdAtMs });
}

/** Ids of devices, in the order of their ranks. */
function ranked(live: readonly Session[]): readonly string[] {
  return devicesOf(live)
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ id }) => id);
}

describe('the ranks of devices', () => {
  it('follow the order in which they signed in, whichever was used last', () => {
    const used = { ...session('television', 1), rotatedAtMs: 90 };
    const devices = devicesOf([session('phone', 3), used, session('tablet', 2)]);
    assert.deepEqual(
      devices.map(({ id, rank }) => [id, rank]),
      [
        ['television', 1],
        ['phone', 3],
        ['tablet', 2],
      ],
    );
  });

  it('are kept by signing in again, and lost by signing out', () => {
    const [television, phone] = [session('television', 1), session('phone', 2)];
    assert.deepEqual(ranked([television, phone, session('television', 3)]), ['television', 'phone']);
    assert.deepEqual(ranked([phone, session('television', 3)]), ['phone', 'television']);
  });

  const lives = fc.uniqueArray(
    fc
      .record({ device: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), createdAtMs: fc.nat({ max: 5 }) })
      .map((one) => session(one.device, one.createdAtMs)),
    { maxLength: 12, selector: ({ id }) => id },
  );

  it('are 1 to the number of devices, each once, whatever order sessions are read in', () => {
    fc.assert(
      fc.property(lives, (live) => {
        const devices = devicesOf(live);
        assert.deepEqual(
          devices.map(({ rank }) => rank).toSorted((a, b) => a - b),
          devices.map((_, place) => place + 1),
        );
        assert.deepEqual(ranked(live.toReversed()), ranked(live));
      }),
      { numRuns: 300 },
    );
  });

  it('of those that stay are not moved back by one that comes, and moved up by one that goes', () => {
    fc.assert(
      fc.property(lives, fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), (live, deviceId) => {
        const before = ranked(live);
        const comes = ranked([...live, session(deviceId, 6)]);
        assert.deepEqual(comes, before.includes(deviceId) ? before : [...before, deviceId]);
        const goes = ranked(live.filter(({ device }) => device.id !== deviceId));
        assert.deepEqual(
          goes,
          before.filter((id) => id !== deviceId),
        );
      }),
      { numRuns: 300 },
    );
  });
});
