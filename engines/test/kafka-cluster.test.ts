import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startKafka } from '../src/index.ts';
import type { KafkaAddresses, Running } from '../src/index.ts';
import { engineMissing } from '../src/testing/index.ts';
import { consume, leaderOf, makeTopic, produce } from './kafka-client.ts';

const DEADLINE_MS = 60_000;

describe('three Kafka brokers', { skip: engineMissing('kafka', { nodes: 3 }) }, () => {
  let kafka: Running<KafkaAddresses>;
  before(async () => {
    kafka = await startKafka({ nodes: 3 });
    await makeTopic(kafka.addresses, 't');
  });
  after(() => kafka?.stop());

  it('lose nothing and go on when the leading broker is killed', async () => {
    await produce(kafka.addresses, 't', ['before']);
    const leader = await leaderOf(kafka.addresses, 't');
    const node = kafka.nodes.find((each) => each.name === `kafka-${leader}`) ?? assert.fail(`no broker ${leader}`);
    await node.kill();
    await produce(kafka.addresses, 't', ['after']);
    assert.notEqual(await leaderOf(kafka.addresses, 't'), leader);
    assert.deepEqual(await consume(kafka.addresses, 't', 2, DEADLINE_MS), ['before', 'after']);
    await node.start();
    assert.equal(node.isRunning(), true);
  });
});
