import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KvFault } from '@bioscope/kv';
import { type API, initProducerIdV4, type MessageRecord, type NumericMap, produceV9, ResponseError } from '@platformatic/kafka';
import { eventually } from '../conformance/check.ts';
import type { Cluster } from './cluster.ts';
import type { Connections } from './connections.ts';
import { createPublisher, type Publisher } from './publisher.ts';
import { NoAnswerError } from './trouble.ts';

const NOT_LEADER = 6;
const TOO_LARGE = 10;
const OUT_OF_ORDER = 45;

/** What a request to a broker carried: which broker, producer, number, texts. */
type Sent = { readonly node: number; readonly producer: number; readonly sequence: number; readonly texts: readonly string[] };
/** A code of the protocol, or no answer; `later` holds the answer back until it resolves. */
type Answer = number | 'none' | Promise<number>;

/** A cluster of one partition, led by broker 1 and after each refusal by the next, that answers by a script; then always well. */
function scripted(...script: Answer[]): { publisher: Publisher; sent: Sent[] } {
  const sent: Sent[] = [];
  let producers = 0;
  let leader = 1;
  const view = (): { name: string; id: string; leaders: number[] } => ({ name: 't', id: 'id', leaders: [leader] });

  async function call(to: { port: number }, api: unknown, request: unknown[]): Promise<unknown> {
    if (api === initProducerIdV4.api) return { producerId: BigInt((producers += 1)), producerEpoch: 0 };
    assert.equal(api, produceV9.api);
    const [, , records, { producerId, sequences }] = request as [
      number,
      number,
      MessageRecord[],
      { producerId: bigint; sequences: NumericMap },
    ];
    sent.push({
      node: to.port,
      producer: Number(producerId),
      sequence: sequences.get('t:0') ?? -1,
      texts: records.map(({ value }) => value.subarray(0, 8).toString()),
    });
    const answer = await (script.shift() ?? 0);
    if (answer === 'none') throw new NoAnswerError('no answer');
    if (answer === NOT_LEADER) leader += 1;
    const response = { responses: [{ name: 't', partitionResponses: [{ index: 0, errorCode: answer }] }], throttleTimeMs: 0 };
    if (answer !== 0) throw new ResponseError(0, 9, { '/': [answer, null] }, response);
    return response;
  }

  const connections = { call, drop: () => {}, close: () => {} } as unknown as Connections;
  const cluster: Cluster = {
    ask: <Request extends unknown[], Result>(api: API<Request, Result>, request: Request) =>
      connections.call({ host: 'h', port: 0 }, api, request, 1_000),
    topic: async () => view(),
    refresh: async () => view(),
    addressOf: (node) => ({ host: 'h', port: node }),
    coordinatorOf: async () => ({ host: 'h', port: 0 }),
    brokerCount: () => 1,
  };
  return { publisher: createPublisher({ cluster, connections, trouble: () => {} }), sent };
}

function write(publisher: Publisher, text: string, withinMs = 10_000): Promise<void> {
  return publisher.write('t', new Map([[0, [{ value: Buffer.from(text) }]]]), performance.now() + withinMs);
}

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof KvFault && error.code === code;
}

describe('the publisher', () => {
  it('joins what is published in one tick, and what comes while a request is under way', async () => {
    const { publisher, sent } = scripted();
    const first = [write(publisher, 'a'), write(publisher, 'b')];
    await eventually('the first request is sent', () => sent.length === 1);
    await Promise.all([...first, write(publisher, 'c'), write(publisher, 'd')]);
    assert.deepEqual(
      sent.map(({ sequence, texts }) => [sequence, ...texts]),
      [
        [0, 'a', 'b'],
        [2, 'c', 'd'],
      ],
    );
    await publisher.close(1_000);
  });

  it('sends the same batch again, under the same number and before all others, until there is an answer', async () => {
    const { publisher, sent } = scripted('none', NOT_LEADER, 'none');
    const first = write(publisher, 'a');
    await eventually('it is sent', () => sent.length > 0);
    await Promise.all([first, write(publisher, 'b')]);
    assert.deepEqual(
      sent.map(({ node, producer, sequence, texts }) => [node, producer, sequence, ...texts]),
      [
        [1, 1, 0, 'a'],
        [1, 1, 0, 'a'],
        [2, 1, 0, 'a'],
        [2, 1, 0, 'a'],
        [2, 1, 1, 'b'],
      ],
    );
    await publisher.close(1_000);
  });

  it('goes on with a batch that its publisher has given up, so that nothing overtakes it', async () => {
    const late = Promise.withResolvers<number>();
    const { publisher, sent } = scripted(late.promise);
    await assert.rejects(write(publisher, 'a', 50), hasCode('KV_DEADLINE'));
    await assert.rejects(write(publisher, 'b', 50), hasCode('KV_UNAVAILABLE'));
    const last = write(publisher, 'c');
    late.resolve(NOT_LEADER);
    await last;
    assert.deepEqual(
      sent.map(({ sequence, texts }) => [sequence, ...texts]),
      [
        [0, 'a'],
        [0, 'a'],
        [1, 'c'],
      ],
    );
    await publisher.close(1_000);
  });

  it('tells what can never be written, and gives its number to the next', async () => {
    const { publisher, sent } = scripted(TOO_LARGE);
    await assert.rejects(write(publisher, 'a'), hasCode('KV_TOO_LARGE'));
    await write(publisher, 'b');
    assert.deepEqual(
      sent.map(({ sequence }) => sequence),
      [0, 0],
    );
    await publisher.close(1_000);
  });

  it('takes a new identity when the broker has forgotten the old one, and loses nothing over it', async () => {
    const { publisher, sent } = scripted(0, OUT_OF_ORDER);
    await write(publisher, 'a');
    await Promise.all([write(publisher, 'b'), write(publisher, 'c')]);
    assert.deepEqual(
      sent.map(({ producer, sequence, texts }) => [producer, sequence, ...texts]),
      [
        [1, 0, 'a'],
        [1, 1, 'b', 'c'],
        [2, 0, 'b', 'c'],
      ],
    );
    await publisher.close(1_000);
  });

  it('lets publishers wait when too much is under way, in line, and not beyond their deadlines', async () => {
    const gate = Promise.withResolvers<number>();
    const { publisher, sent } = scripted(gate.promise);
    const large = 'x'.repeat(40 * 1024 * 1024);
    const first = write(publisher, large);
    await eventually('the first is sent', () => sent.length === 1);
    await assert.rejects(write(publisher, large, 50), hasCode('KV_UNAVAILABLE'));
    const second = write(publisher, large);
    const small = write(publisher, 'small');
    gate.resolve(0);
    await Promise.all([first, second, small]);
    assert.equal(sent.flatMap(({ texts }) => texts).at(-1), 'small');
    await publisher.close(1_000);
  });

  it('ends in time, and says so to those who wait', async () => {
    const never = Promise.withResolvers<number>();
    const { publisher } = scripted(never.promise);
    const outcome = assert.rejects(write(publisher, 'a'), hasCode('KV_CLOSED'));
    await new Promise((resolve) => setImmediate(resolve));
    await publisher.close(50);
    await outcome;
    await assert.rejects(write(publisher, 'b'), hasCode('KV_CLOSED'));
    never.resolve(0);
  });
});
