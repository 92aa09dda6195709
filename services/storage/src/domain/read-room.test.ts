import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KvFault } from '@bioscope/kv';
import { createReadRoom } from './read-room.ts';

const patient = new AbortController().signal;

/** Whether it has been let in by now. */
async function isIn(entering: Promise<void>): Promise<boolean> {
  const not = Symbol('not');
  return (await Promise.race([entering, new Promise((resolve) => setImmediate(resolve, not))])) !== not;
}

describe('the room that reads have together', () => {
  it('lets in what fits, and the others in their order as room is made', async () => {
    const room = createReadRoom({ bytesMax: 10, waitingMax: 5 });
    await room.enter(6, patient);
    const [large, small] = [room.enter(8, patient), room.enter(1, patient)];
    assert.deepEqual([await isIn(large), await isIn(small)], [false, false], 'the small one does not overtake');
    room.leave(6);
    assert.deepEqual([await isIn(large), await isIn(small)], [true, true]);
  });

  it('lets what is larger than the room in alone', async () => {
    const room = createReadRoom({ bytesMax: 10, waitingMax: 5 });
    await room.enter(50, patient);
    const next = room.enter(1, patient);
    assert.equal(await isIn(next), false);
    room.leave(50);
    assert.equal(await isIn(next), true);
  });

  it('refuses when too many wait', async () => {
    const room = createReadRoom({ bytesMax: 1, waitingMax: 1 });
    await room.enter(1, patient);
    const waiting = room.enter(1, patient);
    await assert.rejects(room.enter(1, patient), (error) => error instanceof KvFault && error.code === 'KV_UNAVAILABLE');
    room.leave(1);
    await waiting;
  });

  it('forgets who gives up, and lets in who waited behind', async () => {
    const room = createReadRoom({ bytesMax: 10, waitingMax: 5 });
    await room.enter(5, patient);
    const leaving = new AbortController();
    const large = room.enter(9, leaving.signal);
    const small = room.enter(1, patient);
    assert.equal(await isIn(small), false);
    leaving.abort();
    await assert.rejects(large, (error) => error instanceof KvFault && error.code === 'KV_DEADLINE');
    assert.equal(await isIn(small), true);
  });
});
