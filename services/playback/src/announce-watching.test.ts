import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { LogRecordData } from '@bioscope/log';
import { createTelemetry } from '@bioscope/telemetry';

import { parseWatching, type Watching } from '../contract/watching.ts';
import { announceWatching } from './announce-watching.ts';

const { log: logger } = createTelemetry({ process: 'test', processMetrics: false, sink: { write: () => undefined } });
const HOUR_MS = 3_600_000;
const bookmark = (positionMs: number) => ({ titleId: 'film', positionMs, durationMs: HOUR_MS, updatedAtMs: 7 });

describe('announcing how far somebody is', () => {
  it('says whether the title is opened, begun or finished', async () => {
    const told: Watching[] = [];
    const publish = (_topic: string, records: readonly LogRecordData[]): Promise<void> => {
      told.push(...records.map(({ value }) => parseWatching(value)));
      return Promise.resolve();
    };
    const announce = announceWatching({ log: { publish }, logger });
    for (const positionMs of [1_000, 60_000, HOUR_MS]) announce('profile', bookmark(positionMs));
    await new Promise(setImmediate);
    assert.deepEqual(
      told.map(({ stage, positionMs }) => ({ stage, positionMs })),
      [
        { stage: 'opened', positionMs: 1_000 },
        { stage: 'begun', positionMs: 60_000 },
        { stage: 'finished', positionMs: HOUR_MS },
      ],
    );
    assert.partialDeepStrictEqual(told[0], { profileId: 'profile', titleId: 'film', durationMs: HOUR_MS, atMs: 7 });
  });

  it('neither fails nor piles up while the log does not answer', async () => {
    let asked = 0;
    const publish = (): Promise<void> => {
      asked += 1;
      return asked === 1 ? Promise.reject(new Error('gone')) : new Promise(() => undefined);
    };
    const announce = announceWatching({ log: { publish }, logger });
    announce('profile', bookmark(0));
    await new Promise(setImmediate);
    for (let report = 0; report < 6_000; report += 1) announce('profile', bookmark(report));
    assert.equal(asked, 5_001, 'the first was over');
  });

  it('is read by nobody as anything else', () => {
    for (const value of ['{}', '[]', 'null', '{"profileId":"p","titleId":"t","positionMs":1,"durationMs":2,"stage":"asleep","atMs":1}'])
      assert.throws(() => parseWatching(Buffer.from(value)), TypeError, value);
  });
});
