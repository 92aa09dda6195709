import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { Log } from '@bioscope/log';
import { createTelemetry } from '@bioscope/telemetry';

import type { DecisionRecord } from '../contract/index.ts';
import { decisionLog } from './decision-log.ts';

const record = (n: number): DecisionRecord => ({
  atMs: n,
  requestId: 'r',
  caller: 'playback',
  accountId: '',
  profileId: '',
  deviceId: '',
  action: 'play',
  resource: 'film',
  because: 'sign_in_needed',
  policies: [],
  without: [],
  policyVersion: 'v',
  standsFor: 1,
});

function setting() {
  const telemetry = createTelemetry({ process: 'test', processMetrics: false, sink: { write: () => undefined } });
  const state = { isDown: false, published: [] as number[], largest: 0 };
  const log: Pick<Log, 'publish'> = {
    async publish(_topic, records) {
      if (state.isDown) throw new Error('the log is down');
      state.largest = Math.max(state.largest, records.length);
      for (const { key, value } of records) {
        assert.equal(key, 'visitors');
        state.published.push((JSON.parse(Buffer.from(value).toString()) as DecisionRecord).atMs);
      }
    },
  };
  return { state, telemetry, decisions: decisionLog({ log, metrics: telemetry.metrics, logger: telemetry.log }) };
}

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);

describe('the decision log', () => {
  it('writes all that was decided, in order, some hundreds at a time', async () => {
    const { state, decisions } = setting();
    for (const n of numbers(1_200)) decisions.write(record(n));
    await decisions.close();
    assert.deepEqual(state.published, numbers(1_200));
    assert.ok(state.largest > 1 && state.largest <= 500);
  });

  it('keeps what could not be written until the log is back', async () => {
    const { state, decisions } = setting();
    state.isDown = true;
    for (const n of numbers(3)) decisions.write(record(n));
    await new Promise((resolve) => setImmediate(resolve));
    state.isDown = false;
    await decisions.close();
    assert.deepEqual(state.published, numbers(3));
  });

  it('keeps so many, and counts what it drops', async () => {
    const { state, telemetry, decisions } = setting();
    state.isDown = true;
    for (const n of numbers(5_010)) decisions.write(record(n));
    state.isDown = false;
    await decisions.close();
    assert.deepEqual(state.published, numbers(5_000));
    assert.match(await telemetry.metrics.text(), /bioscope_access_records_lost_total 10/);
  });

  it('ends also when the log stays down', async () => {
    const { state, telemetry, decisions } = setting();
    state.isDown = true;
    decisions.write(record(1));
    await decisions.close();
    assert.match(await telemetry.metrics.text(), /bioscope_access_records_lost_total 1/);
  });
});
