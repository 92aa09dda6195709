import assert from 'node:assert/strict';
import { it } from 'node:test';
import { nextOffer } from './next-offer.ts';

const episode = { positionMs: 0, durationMs: 1_500_000, ended: false };

it('the next episode is offered for the last twenty seconds, counting down, and starts at the end', () => {
  assert.deepEqual(nextOffer({ ...episode, positionMs: 1_479_000 }, false), { kind: 'none' });
  assert.deepEqual(nextOffer({ ...episode, positionMs: 1_480_000 }, false), { kind: 'offered', secondsLeft: 20 });
  assert.deepEqual(nextOffer({ ...episode, positionMs: 1_495_500 }, false), { kind: 'offered', secondsLeft: 5 });
  assert.deepEqual(nextOffer({ ...episode, positionMs: 1_500_000, ended: true }, false), { kind: 'go' });
});
it('of a short one only for the last tenth', () => {
  assert.deepEqual(nextOffer({ positionMs: 26_000, durationMs: 30_000, ended: false }, false), { kind: 'none' });
  assert.deepEqual(nextOffer({ positionMs: 27_500, durationMs: 30_000, ended: false }, false), { kind: 'offered', secondsLeft: 3 });
});
it('nobody who said "not now" is taken there, and nothing is due before the length is known', () => {
  assert.deepEqual(nextOffer({ ...episode, positionMs: 1_500_000, ended: true }, true), { kind: 'none' });
  assert.deepEqual(nextOffer({ positionMs: 0, durationMs: 0, ended: false }, false), { kind: 'none' });
});
