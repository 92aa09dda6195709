import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startKafka } from '../src/index.ts';
import type { KafkaAddresses, Running } from '../src/index.ts';
import { engineMissing } from '../src/testing/index.ts';
import { consume, makeTopic, produce } from './kafka-client.ts';
import { processesOn } from './processes-on.ts';

const DEADLINE_MS = 30_000;

describe('one Kafka broker', { skip: engineMissing('kafka') }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'bioscope-engines-test-'));
  let kafka: Running<KafkaAddresses>;
  before(async () => {
    kafka = await startKafka({ folder });
    await makeTopic(kafka.addresses, 't');
  });
  after(async () => {
    await kafka?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const node = () => kafka.nodes[0] ?? assert.fail();

  it('hands out what was produced, also after SIGKILL and a pause', async () => {
    await produce(kafka.addresses, 't', ['a', 'b']);
    await node().kill();
    assert.deepEqual(processesOn(folder), []);
    await node().start();
    await node().pause();
    assert.equal(node().isRunning(), true);
    node().resume();
    assert.deepEqual(await consume(kafka.addresses, 't', 2, DEADLINE_MS), ['a', 'b']);
  });

  it('does not make topics on use', async () => {
    await assert.rejects(produce(kafka.addresses, 'nobody-made-this', ['a']));
  });

  it('writes a log', () => assert.match(readFileSync(node().logFile, 'utf8'), /Kafka Server started/));

  it('continues in its folder after an orderly stop', async () => {
    const before = kafka.addresses;
    await kafka.stop();
    assert.deepEqual(processesOn(folder), []);
    kafka = await startKafka({ folder });
    assert.deepEqual(kafka.addresses, before);
    assert.deepEqual(await consume(kafka.addresses, 't', 2, DEADLINE_MS), ['a', 'b']);
  });

  it('leaves neither process nor file of a temporary folder, also when it is paused', async () => {
    const temporary = await startKafka();
    await temporary.nodes[0]?.pause();
    await temporary.stop();
    assert.deepEqual(processesOn(temporary.folder), []);
    assert.equal(existsSync(temporary.folder), false);
  });
});
