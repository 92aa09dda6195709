import assert from 'node:assert/strict';
import { KvFault, type KvFaultCode } from '@bioscope/kv';
import { LOG_LIMITS } from '../checks.ts';
import type { LogRecordData } from '../port.ts';
import { collector, eventually, type LogCheck, numbered, record, textOf } from './check.ts';

export const rejectionChecks: readonly LogCheck[] = [
  {
    name: 'delivers a batch again when its handler rejects, until it resolves',
    async run({ log, topic }) {
      const tries: string[] = [];
      const subscription = log().subscribe({ topic, group: 'g' }, async (records) => {
        tries.push(...records.map(textOf));
        if (tries.length < 3) throw new Error('not yet');
      });
      await log().publish(topic, [record('k', 'only')]);
      await eventually('the record is handled', async () => tries.length === 3 && (await subscription.lag()) === 0);
      await subscription.close();
      assert.deepEqual(tries, ['only', 'only', 'only']);
    },
  },
  {
    name: 'tries a rejected record as often as asked, parks it, passes over it, and loses none of its neighbours',
    async run({ log, topic }) {
      let alone = 0;
      const handled: string[] = [];
      await log().publish(topic, numbered(20, 1));
      const subscription = log().subscribe({ topic, group: 'g', attemptsMax: 2 }, async (records) => {
        const texts = records.map(textOf);
        if (texts.length === 1 && texts[0] === '7') alone += 1;
        if (texts.includes('7')) throw new Error('I cannot take a seven');
        handled.push(...texts);
      });
      const parked = collector(log(), `${topic}.parked`, 'g');
      await eventually('the group is done', async () => (await subscription.lag()) === 0);
      assert.ok(alone >= 2 && alone <= 3, `tried alone ${alone} times`);
      assert.deepEqual(
        handled,
        Array.from({ length: 20 }, (_, index) => String(index)).filter((text) => text !== '7'),
      );
      await eventually('the record is parked', () => parked.seen.length > 0);
      assert.deepEqual(parked.seen.map(textOf), ['7']);
      await Promise.all([subscription.close(), parked.subscription.close()]);
    },
  },
  {
    name: 'delivers again what a closed member had not finished',
    async run({ log, topic, reopen }) {
      let started = 0;
      log().subscribe({ topic, group: 'g' }, async () => {
        started += 1;
        throw new Error('never');
      });
      await log().publish(topic, [record('k', 'kept')]);
      await eventually('the handler has it', () => started > 0);
      await reopen();
      const { seen, subscription } = collector(log(), topic, 'g');
      await eventually('it comes again', () => seen.length === 1);
      await subscription.close();
    },
  },
  {
    name: 'refuses bad and too large requests with what is wrong, and publishes nothing of them',
    async run({ log, topic }) {
      const bad: readonly (readonly [string, LogRecordData[]])[] = [
        ['', [record('k', 'v')]],
        ['Topic', [record('k', 'v')]],
        [`a${'b'.repeat(64)}`, [record('k', 'v')]],
        [topic, [record('', 'v')]],
        [topic, [record('\ud800', 'v')]],
        [topic, [record('ok', 'v'), { ...record('k', 'v'), type: '' }]],
        [topic, [{ ...record('k', 'v'), origin: { stream: 's', sequence: -1 } }]],
      ];
      for (const [name, records] of bad) await assert.rejects(log().publish(name, records), hasCode('KV_BAD_REQUEST'));
      const large = { ...record('k', ''), value: new Uint8Array(LOG_LIMITS.valueBytesMax + 1) };
      await assert.rejects(log().publish(topic, [record('k', 'v'), large]), hasCode('KV_TOO_LARGE'));
      await assert.rejects(log().publish(topic, numbered(1_001)), hasCode('KV_TOO_LARGE'));
      assert.throws(() => log().subscribe({ topic, group: 'Group!' }, async () => {}), hasCode('KV_BAD_REQUEST'));
      assert.throws(() => log().subscribe({ topic, group: 'g', attemptsMax: -1 }, async () => {}), hasCode('KV_BAD_REQUEST'));
      await log().publish(topic, []);
      await log().publish(topic, [{ ...record('k', ''), value: new Uint8Array(LOG_LIMITS.valueBytesMax) }, record('\u0000"\u{1f3ac}', '')]);
      const { seen, subscription } = collector(log(), topic, 'g');
      await eventually('the good ones arrive', () => seen.length === 2);
      assert.deepEqual(
        seen.map(({ value }) => value.length).toSorted((a, b) => a - b),
        [0, LOG_LIMITS.valueBytesMax],
      );
      assert.ok(seen.some(({ key }) => key === '\u0000"\u{1f3ac}'));
      await subscription.close();
    },
  },
];

function hasCode(code: KvFaultCode): (error: unknown) => boolean {
  return (error) => error instanceof KvFault && error.code === code;
}
