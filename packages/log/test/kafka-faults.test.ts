import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { type EngineForTests, engineForTests, engineMissing, type EngineNode } from '@bioscope/engines/testing';
import { bytes, KvFault, utf8 } from '@bioscope/kv';
import { eventually } from '../src/conformance/check.ts';
import { openKafkaLog } from '../src/kafka/index.ts';
import type { Log, LogRecord, LogRecordData, LogSubscription } from '../src/port.ts';
import { openOwnTopics } from './own-topics.ts';

const PUBLISH_MS_MAX = 3_000;
const STARTED_MS_MAX = 60_000;

describe('the Kafka log while its only broker is away', { skip: engineMissing('kafka') }, () => {
  let kafka: EngineForTests<'kafka'>;
  let broker: EngineNode;
  let openAnother: () => Promise<Log>;
  const logs: Log[] = [];
  before(async () => {
    kafka = await engineForTests('kafka', { alone: true });
    const [node] = kafka.nodes;
    assert.ok(node !== undefined);
    broker = node;
    openAnother = openOwnTopics(kafka.addresses.bootstrap, { publishMsMax: PUBLISH_MS_MAX });
    // A broker that has just started is still occupied with itself.
    const log = await open();
    await eventually('the broker takes records', () => published(log, [event(1)], 'warm'), STARTED_MS_MAX);
  });
  afterEach(async () => {
    if (broker.isRunning()) broker.resume();
    else await broker.start();
    await Promise.all(logs.splice(0).map((log) => log.close()));
  });
  after(() => kafka.release());

  async function open(): Promise<Log> {
    const log = await openAnother();
    logs.push(log);
    return log;
  }

  it('settles every publication by its deadline, says which may have happened, and goes on when the broker is back', async () => {
    const log = await open();
    const seen: LogRecord[] = [];
    const subscription = log.subscribe({ topic: 't', group: 'g' }, async (records) => {
      seen.push(...records);
    });
    await eventually('the broker takes records', () => published(log, [event(1)]), STARTED_MS_MAX);
    await eventually('the first event arrives', () => seen.length === 1);

    await broker.pause();
    // Handed to a broker that does not answer: nobody knows.
    assert.deepEqual(await codesOf([2, 3, 4].map((sequence) => log.publish('t', [event(sequence)]))), ['KV_DEADLINE']);
    await assert.rejects(subscription.lag(), KvFault);
    broker.resume();
    // As a relay does: again from where nothing was acknowledged.
    await eventually('publishing works again', () => published(log, [2, 3, 4, 5].map(event)), STARTED_MS_MAX);
    await eventually('all events arrive', async () => seen.length >= 5 && (await lagOf(subscription)) === 0, STARTED_MS_MAX);

    await broker.kill();
    // One that was sent while the connection broke may be anywhere; those after it were surely not sent.
    await codesOf([log.publish('t', [event(6)])]);
    assert.deepEqual(await codesOf([6, 7].map((sequence) => log.publish('t', [event(sequence)]))), ['KV_UNAVAILABLE']);
    await broker.start();
    await eventually('publishing works again', () => published(log, [6, 7].map(event)), STARTED_MS_MAX);
    await eventually('all events arrive', async () => seen.length >= 7 && (await lagOf(subscription)) === 0, STARTED_MS_MAX);
    assert.deepEqual(
      seen.map(({ value }) => utf8(value)),
      ['1', '2', '3', '4', '5', '6', '7'],
    );
  });

  it('refuses to open when no broker answers', async () => {
    await broker.kill();
    await assert.rejects(open(), (error) => error instanceof KvFault && error.code === 'KV_UNAVAILABLE');
  });

  it('closes in time while the broker hangs, and what was not committed comes again', async () => {
    const log = await open();
    const started = Promise.withResolvers<void>();
    log.subscribe({ topic: 'closing', group: 'g' }, async () => started.resolve());
    await eventually('the broker takes records', () => published(log, [event(1)], 'closing'), STARTED_MS_MAX);
    await started.promise;
    await broker.pause();
    const before = performance.now();
    await log.close();
    assert.ok(performance.now() - before < 15_000, 'closing took too long');
  });
});

it('refuses settings that cannot be meant', async () => {
  for (const broker of ['localhost', ':9092', 'localhost:', 'localhost:0', 'localhost:99999']) {
    await assert.rejects(openKafkaLog({ brokers: [broker] }), (error) => error instanceof KvFault && error.code === 'KV_BAD_REQUEST');
  }
  await assert.rejects(openKafkaLog({ brokers: ['127.0.0.1:1'], topicPrefix: 'a/b' }), /topicPrefix/);
});

function event(sequence: number): LogRecordData {
  return { key: 'k', type: 'counted', value: bytes(String(sequence)), origin: { stream: 's', sequence } };
}

/** The codes of their failures, each once; all must fail, and not later than they may. */
async function codesOf(publications: readonly Promise<void>[]): Promise<readonly string[]> {
  const before = performance.now();
  const outcomes = await Promise.allSettled(publications);
  const tookMs = performance.now() - before;
  assert.ok(tookMs < PUBLISH_MS_MAX + 1_000, `settled after ${tookMs} ms`);
  const codes = outcomes.map((outcome) =>
    outcome.status === 'rejected' && outcome.reason instanceof KvFault ? outcome.reason.code : 'none',
  );
  return [...new Set(codes)];
}

/** Infinity while the cluster does not tell. */
async function lagOf(subscription: LogSubscription): Promise<number> {
  return subscription.lag().catch(() => Infinity);
}

async function published(log: Log, records: readonly LogRecordData[], topic = 't'): Promise<boolean> {
  return log.publish(topic, records).then(
    () => true,
    () => false,
  );
}
