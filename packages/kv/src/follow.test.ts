import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { follow } from './follow.ts';
import { KvFault, type Position, type StreamEvent, type Streams } from './port.ts';

/** A stream of numbers whose subscriptions end with a fault after so many events each. */
function endingAfter(faults: readonly (readonly [events: number, fault: Error])[]): {
  streams: Pick<Streams, 'subscribe'>;
  asked: (Position | null)[];
} {
  const asked: (Position | null)[] = [];
  const streams: Pick<Streams, 'subscribe'> = {
    subscribe({ after }, handler) {
      const [count, fault] = faults[asked.length] ?? [0, null];
      asked.push(after);
      const closed = Promise.withResolvers<void>();
      const ended = (async () => {
        for (let sequence = Number(after ?? 0) + 1, last = sequence + count; sequence < last; sequence += 1)
          await handler([eventAt(sequence)]);
        if (fault !== null) throw fault;
        await closed.promise;
      })();
      ended.catch(() => {});
      return {
        ended,
        async close() {
          closed.resolve();
        },
      };
    },
  };
  return { streams, asked };
}

function eventAt(sequence: number): StreamEvent {
  return { stream: 's', sequence, type: 't', data: new Uint8Array(), commandId: 'c', recordedAtMs: 0, position: String(sequence) };
}

const outage = new KvFault('KV_UNAVAILABLE', 'the store is away');

describe('follow', () => {
  it('goes on after the last handled event when the store was away, however often', async () => {
    const { streams, asked } = endingAfter([
      [2, outage],
      [0, outage],
      [3, outage],
    ]);
    const seen: number[] = [];
    const troubles: unknown[] = [];
    const done = Promise.withResolvers<void>();
    const following = follow(
      streams,
      { namespace: 'n', after: null },
      async (events) => {
        seen.push(...events.map(({ sequence }) => sequence));
      },
      {
        pauseMsMin: 1,
        onTrouble: (fault) => {
          troubles.push(fault);
          if (troubles.length === 3) done.resolve();
        },
      },
    );
    await done.promise;
    await following.close();
    await following.ended;
    assert.deepEqual(seen, [1, 2, 3, 4, 5]);
    assert.deepEqual(asked.slice(0, 3), [null, '2', '2']);
  });

  it('ends with what is no outage: a broken handler, a closed store', async () => {
    for (const fault of [new Error('a bug'), new KvFault('KV_CLOSED', 'the store is closed')]) {
      const { streams, asked } = endingAfter([[1, fault]]);
      const following = follow(streams, { namespace: 'n', after: null }, async () => {}, { pauseMsMin: 1 });
      await assert.rejects(following.ended, fault);
      assert.equal(asked.length, 1);
      await following.close();
    }
  });
});
