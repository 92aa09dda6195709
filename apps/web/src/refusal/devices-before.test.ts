import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { devicesBefore } from './devices-before.ts';

const device = (id: string, rank: number, lastSeenMs: number) => ({ id, rank, lastSeenMs, name: '', kind: 'browser' });
const HOUSE = [device('phone', 3, 90), device('television', 1, 50), device('old tablet', 2, 10), device('guest', 4, 99)];
const ids = (deviceId: string): readonly string[] => devicesBefore(HOUSE, deviceId).map(({ id }) => id);

describe('the devices that stand in the way', () => {
  it('are those that signed in earlier, the longest unused first', () => {
    assert.deepEqual(ids('guest'), ['old tablet', 'television', 'phone']);
    assert.deepEqual(ids('old tablet'), ['television']);
    assert.deepEqual(ids('television'), []);
  });
  it('are all, for a device that is not among them any more', () => {
    assert.deepEqual(ids('signed out'), ['old tablet', 'television', 'phone', 'guest']);
  });
});
