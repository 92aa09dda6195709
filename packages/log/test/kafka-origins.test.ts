import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type EngineForTests, engineForTests, engineMissing } from '@bioscope/engines/testing';
import { bytes } from '@bioscope/kv';
import { Admin, ConfigResourceTypes } from '@platformatic/kafka';
import { collector, eventually } from '../src/conformance/check.ts';
import { createCluster } from '../src/kafka/cluster.ts';
import { createConnections } from '../src/kafka/connections.ts';
import type { KafkaLogCount } from '../src/kafka/index.ts';
import { committedBy } from '../src/kafka/offsets.ts';
import type { Log, LogRecordData } from '../src/port.ts';
import { openOwnTopics } from './own-topics.ts';

const EVENTS = 1_500;

describe('what a group has handled on Kafka', { skip: engineMissing('kafka') }, () => {
  let kafka: EngineForTests<'kafka'>;
  before(async () => {
    kafka = await engineForTests('kafka');
  });
  after(() => kafka.release());

  it('is known to who takes over, from the companion topic as from what was handled since', async () => {
    const counts = new Map<KafkaLogCount, number>();
    const topicPrefix = `test-${crypto.randomUUID()}.`;
    const open = openOwnTopics(kafka.addresses.bootstrap, {
      topicPrefix,
      onCount: (what, by) => counts.set(what, (counts.get(what) ?? 0) + by),
    });
    const log = await open();
    await publishAll(log, 1, EVENTS);
    const first = collector(log, 't', 'g');
    await eventually('all are handled', async () => first.seen.length === EVENTS && (await first.subscription.lag()) === 0, 60_000);
    await log.close();
    // Of these the companion topic knows; only what was handled since is read again from the topic itself.
    assert.ok((await keptUpTo(`${topicPrefix}t`, 'g')) >= 1_000);
    counts.clear();
    const again = await open();
    await publishAll(again, 1, EVENTS + 1);
    const second = collector(again, 't', 'g');
    const other = collector(again, 't', 'other');
    await eventually('the new one is handled', async () => second.seen.length > 0 && (await second.subscription.lag()) === 0, 60_000);
    await eventually('another group has all', async () => other.seen.length > EVENTS && (await other.subscription.lag()) === 0, 60_000);
    assert.deepEqual(
      second.seen.map(({ origin }) => origin?.sequence),
      [EVENTS + 1],
    );
    assert.equal(other.seen.length, EVENTS + 1);
    assert.equal(counts.get('repeated'), 2 * EVENTS);
    await again.close();
  });

  it('is kept longer than the records that it is about', async () => {
    const topicPrefix = `test-${crypto.randomUUID()}.`;
    const keepMs = 3 * 24 * 60 * 60 * 1000;
    const log = await openOwnTopics(kafka.addresses.bootstrap, { topicPrefix, keepMs })();
    await publishAll(log, 1, 1);
    const { seen } = collector(log, 't', 'g');
    await eventually('the event is handled', () => seen.length === 1);
    await log.close();
    const records = await configOf(`${topicPrefix}t`);
    const origins = await configOf(`${topicPrefix}_origins.t`);
    assert.equal(records.get('retention.ms'), String(keepMs));
    assert.equal(origins.get('cleanup.policy'), 'compact,delete');
    assert.ok(Number(origins.get('retention.ms')) > Number(records.get('retention.ms')) + Number(records.get('segment.ms')));
  });

  async function keptUpTo(topic: string, group: string): Promise<number> {
    const connections = createConnections('test', {});
    try {
      const [host = '', port] = kafka.addresses.bootstrap[0]?.split(':') ?? [];
      const cluster = createCluster([{ host, port: Number(port) }], connections);
      const view = await cluster.topic(topic);
      assert.ok(view !== null);
      const committed = await committedBy({ cluster, connections }, `${topic}/${group}`, view);
      return Math.max(...committed.map((one) => Number(one?.note.split(' ')[1] ?? 0)));
    } finally {
      connections.close();
    }
  }

  async function configOf(topic: string): Promise<ReadonlyMap<string, string>> {
    const admin = new Admin({ clientId: 'test', bootstrapBrokers: [...kafka.addresses.bootstrap] });
    try {
      const resources = [{ resourceType: ConfigResourceTypes.TOPIC, resourceName: topic, configurationKeys: null }];
      const [described] = await admin.describeConfigs({ resources });
      return new Map(described?.configs.map(({ name, value }) => [name, value ?? '']));
    } finally {
      await admin.close();
    }
  }
});

async function publishAll(log: Log, from: number, to: number): Promise<void> {
  for (let start = from; start <= to; start += 500) {
    const records: LogRecordData[] = [];
    for (let sequence = start; sequence < start + 500 && sequence <= to; sequence += 1) {
      records.push({ key: 'k', type: 'counted', value: bytes(String(sequence)), origin: { stream: 's', sequence } });
    }
    await log.publish('t', records);
  }
}
