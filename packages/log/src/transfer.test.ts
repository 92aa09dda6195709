import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { bytes, utf8 } from '@bioscope/kv';
import type { Log, LogRecordData } from './port.ts';
import { openLog } from './sqlite/index.ts';
import { moveUnhandled } from './transfer.ts';

const record = (key: string, value: string, sequence?: number): LogRecordData => ({
  key,
  type: 't',
  value: bytes(value),
  ...(sequence === undefined ? {} : { origin: { stream: key, sequence } }),
});

describe('moving what is not handled yet to another log', () => {
  let folder: string;
  const reached = new Map<string, number>();

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-log-'));
    const log = await openLog({ folder });
    await log.publish(
      'films',
      Array.from({ length: 20 }, (_, index) => record(`k${index % 3}`, `${index}`, index)),
    );
    await Promise.all([handleAll(log, 'films', 'ahead', 20), handleAll(log, 'films', 'behind', 20)]);
    await log.publish(
      'films',
      Array.from({ length: 9 }, (_, index) => record(`k${index % 3}`, `new ${index}`, 100 + index)),
    );
    await handleAll(log, 'films', 'ahead', 9);
    await log.publish('nobody', [record('k', 'without origin')]);
    await log.close();
  });
  after(() => rm(folder, { recursive: true }));

  function move(publish: Log['publish']) {
    return moveUnhandled({
      folder,
      destination: { publish },
      reachedBefore: (topic, partition) => reached.get(`${topic} ${partition}`) ?? 0,
      reached: async (topic, partition, next) => void reached.set(`${topic} ${partition}`, next),
      signal: new AbortController().signal,
    });
  }

  it('publishes what some group has not handled and what nobody asked for yet, in order per key, with origins, once', async () => {
    const published: { topic: string; record: LogRecordData }[] = [];
    let calls = 0;
    const publish: Log['publish'] = async (topic, records) => {
      calls += 1;
      if (calls === 2) throw new Error('the destination is down');
      published.push(...records.map((each) => ({ topic, record: each })));
    };
    await assert.rejects(move(publish), /is down/);
    const moved = await move(publish);
    assert.deepEqual(
      moved.map(({ topic, records }) => ({ topic, records })),
      [
        { topic: 'films', records: 9 },
        { topic: 'nobody', records: 1 },
      ],
    );
    const films = published.filter(({ topic }) => topic === 'films').map((each) => each.record);
    assert.equal(films.length, 9);
    for (const key of ['k0', 'k1', 'k2'])
      assert.deepEqual(
        films.filter((each) => each.key === key).map(({ value, origin }) => [utf8(value), origin?.sequence]),
        [0, 1, 2].map((turn) => [`new ${turn * 3 + Number(key[1])}`, 100 + turn * 3 + Number(key[1])]),
      );
    assert.equal(published.find(({ topic }) => topic === 'nobody')?.record.origin, undefined);
    assert.ok((await move(publish)).every((topic) => topic.published === 0));
  });

  it('has nothing to move where there is no log', async () => {
    const request = { destination: { publish: async () => {} }, reachedBefore: () => 0, reached: async () => {} };
    assert.deepEqual(await moveUnhandled({ ...request, folder: path.join(folder, 'nowhere'), signal: new AbortController().signal }), []);
  });
});

async function handleAll(log: Log, topic: string, group: string, count: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let seen = 0;
  const subscription = log.subscribe({ topic, group, from: 'earliest' }, async (records) => {
    seen += records.length;
    if (seen >= count) resolve();
  });
  await promise;
  await subscription.close();
}
