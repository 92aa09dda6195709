import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { BlobFault } from '@bioscope/blob';
import { bytes, KvFault } from '@bioscope/kv';
import { KvOperationSchema, KvOutcomeSchema, KvService, LogOperationSchema, LogOutcomeSchema, LogService } from '../contract/index.ts';
import { remoteBlobs, remoteKv } from '../src/client/index.ts';
import { connectTo, startCaller, startStorage } from './running-storage.ts';
import type { RemoteState, RunningStorage } from './running-storage.ts';

const KV = '/bioscope.storage.v1.KvService/Do';

let storage: RunningStorage;
let state: RemoteState;
before(async () => {
  storage = await startStorage();
  state = await connectTo(storage);
});
after(async () => {
  await state.close();
  await storage.end();
});

async function post(
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  const answer = await fetch(`http://${storage.address}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  return { status: answer.status, text: await answer.text() };
}

describe('who may not call', () => {
  it('is refused without a credential', async () => {
    const refused = await post(KV, '{}');
    assert.deepEqual([refused.status, /"code":"unauthenticated"/.test(refused.text)], [401, true]);
    const body = await fetch(`http://${storage.address}/http/storage/blob/object?key=a`);
    assert.equal(body.status, 401);
    await body.body?.cancel();
  });

  it('is refused with a credential of another system, at once and with what is wrong', async () => {
    const stranger = await startCaller(storage.address, randomBytes(32).toString('hex'));
    try {
      const rpc = stranger.as('catalog');
      const kv = remoteKv({ rpc });
      const blob = await remoteBlobs({ rpc, folder: `${storage.folder}/stranger` });
      const startedMs = performance.now();
      await assert.rejects(
        kv.items.get({ namespace: 'n', record: 'r' }),
        (error) => error instanceof KvFault && /not genuine/.test(error.message),
      );
      await assert.rejects(blob.put('film', bytes('x')), (error) => error instanceof BlobFault && /not genuine/.test(error.message));
      await assert.rejects(blob.get('film'), (error) => error instanceof BlobFault && /not genuine/.test(error.message));
      assert.ok(performance.now() - startedMs < 5_000, 'it did not wait for a deadline');
      assert.equal(await state.blob.head('film'), null);
    } finally {
      await stranger.close();
    }
  });
});

describe('what cannot be read or is no request', () => {
  const outcomesOf = async (operations: Uint8Array[]): Promise<string[]> => {
    const { outcomes } = await state.rpc.client(KvService).do({ operations });
    return outcomes.map((outcome) => {
      const { is } = fromBinary(KvOutcomeSchema, outcome);
      return is.case === 'fault' ? is.value.code : (is.case ?? '');
    });
  };

  it('is refused alone among operations that are good', async () => {
    const good = toBinary(
      KvOperationSchema,
      create(KvOperationSchema, { namespace: 'n', does: { case: 'readRegister', value: { name: 'r' } } }),
    );
    const garbage = [Uint8Array.of(0xff, 0xff, 0xff), Uint8Array.of(0x0a, 0x7f, 0x61), new Uint8Array(0), new Uint8Array(randomBytes(300))];
    const codes = await outcomesOf([good, ...garbage, good]);
    assert.deepEqual([codes.at(0), codes.at(-1)], ['register', 'register']);
    assert.deepEqual(
      codes.slice(1, -1),
      garbage.map(() => 'KV_BAD_REQUEST'),
    );
  });

  it('gets the port’s own refusals for bad names, numbers and missing parts', async () => {
    const written = (init: Parameters<typeof create<typeof KvOperationSchema>>[1]): Uint8Array =>
      toBinary(KvOperationSchema, create(KvOperationSchema, init));
    const codes = await outcomesOf([
      written({ namespace: '../etc', does: { case: 'readRegister', value: { name: 'r' } } }),
      written({ namespace: 'n', does: { case: 'readRegister', value: { name: 'x'.repeat(600) } } }),
      written({ namespace: 'n', does: { case: 'putItems', value: { record: 'r', items: [{ key: bytes('k'), value: bytes('v') }] } } }),
      written({ namespace: 'n', does: { case: 'getItems', value: { record: 'r', page: { bytesMax: Number.NaN } } } }),
      written({ namespace: 'n', does: { case: 'getItems', value: { record: 'r', page: { itemsMax: 1e9 } } } }),
      written({ namespace: 'n', does: { case: 'appendEvents', value: { stream: 's', expectedVersion: 0.5, events: [], commandId: 'c' } } }),
    ]);
    assert.deepEqual(
      codes,
      codes.map(() => 'KV_BAD_REQUEST'),
    );
  });

  it('is told apart in the log too', async () => {
    const operations = [
      { topic: 'No', does: { case: 'lag', value: { group: 'g' } } },
      { topic: 't', does: { case: 'lag', value: { group: 'G!' } } },
      { topic: 't', does: { case: 'join', value: { group: 'g', member: 'm', process: 'p', leaseMs: 1e12 } } },
      { topic: 't', does: { case: 'join', value: { group: 'g', member: '', process: 'p', leaseMs: 1_000 } } },
      { topic: 't', does: { case: 'fetch', value: { wanted: [], recordsMax: 4_000_000_000 } } },
    ] as const;
    const encoded = operations.map((each) =>
      toBinary(LogOperationSchema, create(LogOperationSchema, each as Parameters<typeof create<typeof LogOperationSchema>>[1])),
    );
    const { outcomes } = await state.rpc.client(LogService).do({ operations: encoded });
    for (const outcome of outcomes) {
      const { is } = fromBinary(LogOutcomeSchema, outcome);
      assert.ok(is.case === 'fault' && is.value.code === 'KV_BAD_REQUEST', JSON.stringify(is));
    }
  });

  it('is refused as a whole when it is too much', async () => {
    const client = state.rpc.client(KvService);
    await assert.rejects(client.do({ operations: Array.from({ length: 257 }, () => new Uint8Array(0)) }), { code: 'invalid_argument' });
    await assert.rejects(
      client.do({ operations: [new Uint8Array(70 * 1024 * 1024)] }, { deadlineMs: 10_000 }),
      (error: Error & { code: string }) => {
        // The answer may be lost when the rest of such a body is not read.
        return error.code === 'resource_exhausted' || error.code === 'unavailable';
      },
    );
    assert.equal(await state.kv.registers.read({ namespace: 'n', name: 'r' }), null, 'it goes on answering');
  });

  it('is refused at the mount', async () => {
    const ask = async (method: string, path: string, body?: string): Promise<string> => {
      const answer = await state.rpc.fetch('storage', path, { method, ...(body === undefined ? {} : { body: bytes(body) }) });
      const chunks = await Array.fromAsync(answer.body as AsyncIterable<Uint8Array>);
      return `${answer.status} ${Buffer.concat(chunks).toString()}`;
    };
    assert.match(await ask('GET', '/blob/nothing'), /^404 .*not_found/);
    assert.match(await ask('GET', '/blob/object'), /BLOB_BAD_KEY/);
    assert.match(await ask('PUT', '/blob/object?key=../x', 'x'), /BLOB_BAD_KEY/);
    assert.match(await ask('GET', '/blob/object?key=a&start=-1'), /BLOB_RANGE|missing/);
    assert.match(await ask('PUT', '/blob/part?key=a&upload_id=../../x&part=1', 'x'), /BLOB_UNKNOWN_UPLOAD/);
    assert.match(await ask('POST', '/blob/complete', 'not json'), /^400 .*invalid_argument/);
    assert.match(await ask('POST', '/blob/complete', '{}'), /BLOB_BAD_KEY|BLOB_UNKNOWN_UPLOAD|BLOB_RANGE/);
  });
});

describe('a put of the largest size', () => {
  it('goes through, and comes back in pages', { timeout: 60_000 }, async () => {
    const MIB = 1024 * 1024;
    const items = Array.from({ length: 4 }, (_, index) => ({ key: Uint8Array.of(index), value: new Uint8Array(16 * MIB - 1).fill(index) }));
    const token = { timeUs: Date.now() * 1_000, nonce: '0'.repeat(32) };
    await state.kv.items.put({ namespace: 'large', record: 'r', items, token }, { deadlineMs: 50_000 });
    let cursor: string | null | undefined;
    for (const item of items) {
      const page = await state.kv.items.get({ namespace: 'large', record: 'r', page: cursor ? { cursor } : {} }, { deadlineMs: 50_000 });
      assert.deepEqual(
        page.items.map(({ key, value }) => [key, value.length, value[0]]),
        [[item.key, 16 * MIB - 1, item.key[0]]],
      );
      ({ cursor } = page);
    }
    assert.equal(cursor, null);
  });
});
