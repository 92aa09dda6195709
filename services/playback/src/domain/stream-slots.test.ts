import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { array, assert as always, constantFrom, integer, oneof, property, record } from 'fast-check';
import { freeSlot, NO_STREAMS, renewSlot, STREAM_LEASE_MS, STREAM_SKEW_MS, takeSlot, type StreamSlots } from './stream-slots.ts';

const who = (sessionId: string, deviceId = `device of ${sessionId}`) => ({ sessionId, profileId: 'p', deviceId, titleId: 't' });
const GONE_MS = STREAM_LEASE_MS + STREAM_SKEW_MS + 1;

function taken(slots: StreamSlots, sessionId: string, streamsMax: number, nowMs: number): { slots: StreamSlots; fence: number } {
  const result = takeSlot(slots, who(sessionId), { streamsMax, nowMs });
  assert.equal(result.kind, 'taken');
  return result.kind === 'taken' ? result : { slots, fence: 0 };
}

describe('stream slots', () => {
  it('are given up to the limit; who comes then learns who has them', () => {
    const one = taken(NO_STREAMS, 'a', 2, 0);
    const two = taken(one.slots, 'b', 2, 0);
    const third = takeSlot(two.slots, who('c'), { streamsMax: 2, nowMs: 1 });
    assert.ok(third.kind === 'full' && third.held.map(({ sessionId }) => sessionId).join() === 'a,b');
    assert.equal(takeSlot(freeSlot(two.slots, 'a'), who('c'), { streamsMax: 2, nowMs: 1 }).kind, 'taken');
  });

  it('are one per session, however often it asks', () => {
    const one = taken(NO_STREAMS, 'a', 1, 0);
    const again = taken(one.slots, 'a', 1, 5);
    assert.deepEqual([again.fence, again.slots.held.length], [one.fence, 1]);
  });

  it('run out when nothing is heard, and not before every clock agrees', () => {
    const one = taken(NO_STREAMS, 'a', 1, 0);
    assert.equal(takeSlot(one.slots, who('b'), { streamsMax: 1, nowMs: GONE_MS - 1 }).kind, 'full');
    assert.equal(takeSlot(one.slots, who('b'), { streamsMax: 1, nowMs: GONE_MS }).kind, 'taken');
  });

  it('stay with a session that slept, unless its place was needed', () => {
    const one = taken(NO_STREAMS, 'a', 1, 0);
    const awake = renewSlot(one.slots, { sessionId: 'a', fence: one.fence }, 10 * GONE_MS);
    assert.ok(awake?.held[0]?.expiresAtMs === 10 * GONE_MS + STREAM_LEASE_MS);
    const other = taken(one.slots, 'b', 1, GONE_MS);
    assert.equal(renewSlot(other.slots, { sessionId: 'a', fence: one.fence }, GONE_MS), null);
  });

  it('of a device go to its next session when all are in use, and only when that begins', () => {
    const one = taken(NO_STREAMS, 'a', 2, 0);
    const two = taken(one.slots, 'b', 2, 0);
    const again = (deviceId: string, isBeginning: boolean) =>
      takeSlot(two.slots, who('c', deviceId), { streamsMax: 2, nowMs: 1, isBeginning });
    const replaced = again('device of a', true);
    assert.ok(replaced.kind === 'taken' && replaced.slots.held.map(({ sessionId }) => sessionId).join() === 'b,c');
    assert.deepEqual(
      [again('device of a', false), again('elsewhere', true), again('', true)].map(({ kind }) => kind),
      ['full', 'full', 'full'],
    );
    assert.equal(takeSlot(two.slots, who('c', 'device of a'), { streamsMax: 1, nowMs: 1, isBeginning: true }).kind, 'full');
  });

  it('of an earlier life of a session are not its own', () => {
    const one = taken(NO_STREAMS, 'a', 1, 0);
    const again = taken(freeSlot(one.slots, 'a'), 'a', 1, 0);
    assert.equal(renewSlot(again.slots, { sessionId: 'a', fence: one.fence }, 1), null);
  });

  it('never exceed the limit and are never refused while one is free, whatever happens in whatever order', () => {
    const step = oneof(
      record({ kind: constantFrom('take' as const), session: integer({ min: 0, max: 6 }) }),
      record({ kind: constantFrom('renew' as const), session: integer({ min: 0, max: 6 }) }),
      record({ kind: constantFrom('free' as const), session: integer({ min: 0, max: 6 }) }),
      record({ kind: constantFrom('wait' as const), session: constantFrom(1_000, STREAM_LEASE_MS, GONE_MS) }),
    );
    const holds = (steps: readonly { kind: 'take' | 'renew' | 'free' | 'wait'; session: number }[], streamsMax: number) => {
      let [slots, nowMs] = [NO_STREAMS, 0];
      // The model: who was told that it may stream, and until when by the strictest clock.
      const streaming = new Map<string, { fence: number; untilMs: number }>();
      for (const { kind, session } of steps) {
        const sessionId = `s${session}`;
        if (kind === 'wait') nowMs += session;
        if (kind === 'free') {
          slots = freeSlot(slots, sessionId);
          streaming.delete(sessionId);
        }
        if (kind === 'renew') {
          const after = renewSlot(slots, { sessionId, fence: streaming.get(sessionId)?.fence ?? 0 }, nowMs);
          if (after === null) streaming.delete(sessionId);
          else
            [slots] = [after, streaming.set(sessionId, { fence: streaming.get(sessionId)?.fence ?? 0, untilMs: nowMs + STREAM_LEASE_MS })];
        }
        if (kind === 'take') {
          const before = [...streaming].filter(([id, { untilMs }]) => id !== sessionId && nowMs <= untilMs + STREAM_SKEW_MS).length;
          const result = takeSlot(slots, who(sessionId), { streamsMax, nowMs });
          if (result.kind === 'taken')
            [slots] = [result.slots, streaming.set(sessionId, { fence: result.fence, untilMs: nowMs + STREAM_LEASE_MS })];
          else assert.ok(before >= streamsMax, `refused with ${before} of ${streamsMax}`);
        }
        const now = [...streaming.values()].filter(({ untilMs }) => nowMs <= untilMs).length;
        assert.ok(now <= streamsMax, `${now} of ${streamsMax}`);
      }
    };
    always(property(array(step, { maxLength: 60 }), integer({ min: 1, max: 4 }), holds), { numRuns: 1_000 });
  });
});
