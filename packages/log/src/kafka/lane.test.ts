import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KvFault } from '@bioscope/kv';
import {
  type Batch,
  batchRefused,
  batchWritten,
  createLane,
  hasWork,
  isUnsure,
  type Lane,
  type Message,
  type Parcel,
  settle,
  takeBatch,
} from './lane.ts';

const SELF = { producerId: 1n, epoch: 0 };
const FAULT = new KvFault('KV_TOO_LARGE', 'too large');

type Outcome = { parcel: Parcel; fault: KvFault | null | undefined };

function add(lane: Lane, ...sizes: number[]): Outcome {
  const messages: Message[] = sizes.map((size, index) => ({ key: Buffer.from([index]), value: Buffer.alloc(size) }));
  const outcome: Outcome = {
    fault: undefined,
    parcel: { messages, written: 0, taken: 0, settled: false, settle: (fault) => (outcome.fault = fault) },
  };
  lane.queue.push(outcome.parcel);
  return outcome;
}

function taken(lane: Lane): Batch {
  const batch = takeBatch(lane, SELF);
  assert.ok(batch !== null);
  return batch;
}

describe('a lane', () => {
  it('joins what waits into one batch, and numbers batches by their records', () => {
    const lane = createLane('t', 0);
    const outcomes = [add(lane, 1), add(lane, 1, 1)];
    const first = taken(lane);
    assert.deepEqual([first.sequence, first.messages.length], [0, 3]);
    batchWritten(lane, first);
    assert.deepEqual(
      outcomes.map(({ fault }) => fault),
      [null, null],
    );
    add(lane, 1);
    assert.equal(taken(lane).sequence, 3);
  });

  it('sends the same batch until there is an answer, whatever comes meanwhile and whoever has given up', () => {
    const lane = createLane('t', 0);
    const late = add(lane, 1);
    const batch = taken(lane);
    batch.unsure = true;
    assert.equal(isUnsure(lane, late.parcel), true);
    settle(late.parcel, FAULT);
    add(lane, 1);
    assert.equal(takeBatch(lane, SELF), batch);
    batchWritten(lane, batch);
    assert.equal(late.fault, FAULT);
    assert.equal(taken(lane).sequence, 1);
  });

  it('divides what is too large for one batch, and settles it when all of it is written', () => {
    const lane = createLane('t', 0);
    const outcome = add(lane, 600_000, 600_000, 600_000);
    const sizes: number[] = [];
    while (hasWork(lane)) {
      assert.equal(outcome.fault, undefined);
      const batch = taken(lane);
      sizes.push(batch.messages.length);
      batchWritten(lane, batch);
    }
    assert.deepEqual([sizes, outcome.fault], [[1, 1, 1], null]);
  });

  it('drops the rest of a publication that was refused or given up, and nothing else', () => {
    const lane = createLane('t', 0);
    const refused = add(lane, 900_000, 900_000);
    const givenUp = add(lane, 1);
    const good = add(lane, 2);
    batchRefused(lane, taken(lane), FAULT);
    settle(givenUp.parcel, FAULT);
    const next = taken(lane);
    assert.deepEqual(
      next.messages.map(({ value }) => value.length),
      [2],
    );
    assert.equal(next.sequence, 0, 'the number of the refused batch is free again');
    batchWritten(lane, next);
    assert.deepEqual([refused.fault, good.fault], [FAULT, null]);
    assert.equal(hasWork(lane), false);
  });

  it('takes what was given up before it was sent for surely not written', () => {
    const lane = createLane('t', 0);
    const first = add(lane, 900_000);
    const second = add(lane, 900_000);
    taken(lane);
    lane.inFlight = true;
    assert.deepEqual([isUnsure(lane, first.parcel), isUnsure(lane, second.parcel)], [true, false]);
  });

  it('begins at zero again under a new identity', () => {
    const lane = createLane('t', 0);
    add(lane, 1);
    batchWritten(lane, taken(lane));
    add(lane, 1);
    const batch = takeBatch(lane, { producerId: 2n, epoch: 0 });
    assert.deepEqual([batch?.sequence, batch?.identity.producerId], [0, 2n]);
  });
});
