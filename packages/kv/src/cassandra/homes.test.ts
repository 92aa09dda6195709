import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Registers } from '../port.ts';
import { bytes } from '../text.ts';
import { createHomes, type Home } from './homes.ts';

const LEASE_MS = 250;

describe('the home of a local namespace', () => {
  it('is not believed when the answer comes later than a lease after the question', async () => {
    const answers: (() => void)[] = [];
    const homes = homesOver(() => new Promise((resolve) => answers.push(resolve)));
    const place = homes.placeOf('jobs', { leftMs: () => 1_000 });
    while (answers.length === 0) await moment();
    await later(LEASE_MS + 5);
    answers[0]?.();
    await assert.rejects(place, /could not be confirmed/);
  });

  it('is believed for a lease from when it was asked for, then asked for again', async () => {
    let asked = 0;
    const homes = homesOver(async () => void (asked += 1));
    const call = { leftMs: () => 1_000 };
    assert.equal((await homes.placeOf('jobs', call)).epoch, 3n);
    await homes.placeOf('jobs', call);
    assert.equal(asked, 1);
    await later(LEASE_MS + 5);
    await homes.placeOf('jobs', call);
    assert.equal(asked, 2);
  });

  it('is asked for again at once when a partition knew a greater epoch', async () => {
    let asked = 0;
    const homes = homesOver(async () => void (asked += 1));
    const call = { leftMs: () => 1_000 };
    await homes.placeOf('jobs', call);
    homes.distrust('jobs');
    await homes.placeOf('jobs', call);
    assert.equal(asked, 2);
  });
});

function homesOver(before: () => Promise<void>): ReturnType<typeof createHomes> {
  const home: Home = { dataCentre: 'region-a', epoch: 3, isMoving: false };
  const registers = {
    read: async () => {
      await before();
      return { value: bytes(JSON.stringify(home)), version: 1 };
    },
  } satisfies Pick<Registers, 'read'>;
  return createHomes({
    localDataCentre: 'region-a',
    isLocal: () => true,
    leaseMs: LEASE_MS,
    registers: () => registers as Pick<Registers, 'read'> as Registers,
  });
}

/** Longer than a lease on the same monotonic clock that homes look at. */
async function later(ms: number): Promise<void> {
  const end = performance.now() + ms;
  while (performance.now() < end) await moment();
}

function moment(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}
