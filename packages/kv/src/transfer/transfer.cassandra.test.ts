import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type EngineForTests, engineForTests, engineMissing } from '@bioscope/engines/testing';
import { type CassandraKv, openCassandraKv } from '../cassandra/index.ts';
import { eventually } from '../conformance/check.ts';
import { KvFault, type KvFaultCode, type KvStore, type StreamEvent } from '../port.ts';
import { openKv } from '../sqlite/index.ts';
import { bytes } from '../text.ts';
import { newToken } from '../token.ts';
import { checkKv, claimDestination, copyKv, openTransferSource, readTransferState, settle, type TransferVerdict } from './index.ts';

const NAMES = ['plain', '\u0000', 'a/b "c" \u{1f3ac}', 'ü'.repeat(200), '..', "'; DROP"];

describe('moving an embedded store to Cassandra', { skip: engineMissing('cassandra') }, () => {
  let engine: EngineForTests<'cassandra'>;
  let folder: string;
  let there: CassandraKv;

  const openThere = (keyspace = `moved_${randomBytes(4).toString('hex')}`): Promise<CassandraKv> => {
    const { contactPoints, localDataCentre } = engine.addresses;
    return openCassandraKv({ contactPoints, localDataCentre, keyspace });
  };

  before(async () => {
    engine = await engineForTests('cassandra');
  });
  after(() => engine.release());

  beforeEach(async (context) => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-kv-'));
    there = await openThere();
    const close = async (): Promise<void> => {
      await there.close();
      await rm(folder, { recursive: true });
    };
    (context as unknown as { after(work: () => Promise<void>): void }).after(close);
  });

  it('brings everything, however awkward, and answers through the port as before', async () => {
    const here = await openKv({ folder });
    const filled = await fill(here);
    await here.close();
    const untouched = await hashesOf(folder);
    const verdict = await moveAll(folder, there);
    assert.deepEqual(verdict.differences, []);
    assert.deepEqual(
      verdict.rows.map(({ kind, namespace }) => `${kind} ${namespace}`),
      ['events films', 'events others', 'items shelf', 'items things', 'registers names'],
    );
    for (const row of verdict.rows) assert.deepEqual(row.destination, row.source, `${row.kind} ${row.namespace}`);
    assert.deepEqual(await hashesOf(folder), untouched, 'the source was changed');

    const again = await openKv({ folder });
    try {
      await assertSameThroughThePort(again, there, filled);
    } finally {
      await again.close();
    }
    assert.equal((await readTransferState(there))?.state, 'settled');
  });

  it('follows a store in use, and gets the rest when it has stopped', async () => {
    const here = await openKv({ folder });
    const filled = await fill(here);
    const writing = keepWriting(here);
    await eventually(
      'something was written',
      async () => writing.writes(),
      (writes) => writes > 50,
    );
    const first = await pass(folder, there);
    assert.equal(first.isQuiet, false);
    assert.ok(first.mended > 0);
    await writing.stop();
    await here.streams.append({
      namespace: 'films',
      stream: 'film-0',
      expectedVersion: 250,
      events: [{ type: 'late', data: bytes('x') }],
      commandId: 'late',
    });
    await here.items.delete({ namespace: 'things', record: 'plain', select: { kind: 'keys', keys: [bytes('stays')] }, token: newToken() });
    await here.close();
    const verdict = await moveAll(folder, there);
    assert.deepEqual(verdict.differences, []);
    const again = await openKv({ folder });
    try {
      await assertSameThroughThePort(again, there, filled);
    } finally {
      await again.close();
    }
  });

  it('takes away again what the source has forgotten since the first pass', async () => {
    let nowMs = Date.now() - 3 * 86_400_000;
    const clock = (): number => nowMs;
    let here = await openKv({ folder, clock });
    await here.items.put({ namespace: 'n', record: 'r', items: [{ key: bytes('k'), value: bytes('v') }], token: newToken(clock) });
    await here.registers.create({ namespace: 'n', name: 'gone', value: bytes('v'), commandId: 'c1' });
    await here.registers.create({ namespace: 'n', name: 'new', value: bytes('v'), commandId: 'c2' });
    await here.close();
    await pass(folder, there);
    assert.notEqual(await there.registers.read({ namespace: 'n', name: 'gone' }), null);

    here = await openKv({ folder, clock, sweepEveryMs: 5 });
    await here.items.delete({ namespace: 'n', record: 'r', select: { kind: 'all' }, token: newToken(clock) });
    for (const name of ['gone', 'new'])
      await here.registers.remove({ namespace: 'n', name, expectedVersion: 1, commandId: `remove ${name}` });
    nowMs = Date.now();
    const source = openTransferSource({ folder });
    const left = source.database.prepare('SELECT (SELECT count(*) FROM registers) + (SELECT count(*) FROM range_tombstones) AS n');
    await eventually(
      'the source has forgotten',
      async () => Number(left.get()?.['n']),
      (n) => n === 0,
    );
    source.close();
    await here.registers.create({ namespace: 'n', name: 'new', value: bytes('another'), commandId: 'c3' });
    await here.close();
    assert.deepEqual((await moveAll(folder, there)).differences, []);
    assert.equal((await there.items.get({ namespace: 'n', record: 'r' })).items.length, 0);
    assert.equal(await there.registers.read({ namespace: 'n', name: 'gone' }), null);
    assert.deepEqual(await there.registers.read({ namespace: 'n', name: 'new' }), { value: bytes('another'), version: 1 });
  });

  it('names what was planted in the destination, and does not settle', async () => {
    const here = await openKv({ folder });
    await fill(here);
    await here.close();
    await pass(folder, there);
    const token = newToken();
    await there.items.put({ namespace: 'things', record: 'plain', items: [{ key: bytes('stays'), value: bytes('planted') }], token });
    await there.registers.compareAndSet({
      namespace: 'names',
      name: 'plain',
      expectedVersion: 3,
      value: bytes('planted'),
      commandId: 'planted',
    });
    const planted = openTransferSource({ folder });
    const claim = await claim_(there, planted.id);
    await copyKv({ source: planted, destination: there, claim });
    await there.streams.append({
      namespace: 'films',
      stream: 'film-1',
      expectedVersion: 1,
      events: [{ type: 't', data: bytes('planted') }],
      commandId: 'p',
    });
    const verdict = await checkKv({ source: planted, destination: there, claim });
    await claim.release();
    planted.close();
    assert.equal(verdict.differencesCount, 3);
    assert.match(verdict.differences.join('\n'), /stream films "film-1"/);
    assert.match(verdict.differences.join('\n'), /register names "plain" differs/);
    assert.match(verdict.differences.join('\n'), /item things "plain" key 0x7374617973 differs \(written later than in the source\)/);
    assert.deepEqual(
      verdict.rows.filter(({ source, destination }) => source.checksum !== destination.checksum).map(({ kind }) => kind),
      ['events', 'items', 'registers'],
    );
  });

  it('refuses a destination in use, one filled from elsewhere, and one that is settled', async () => {
    const here = await openKv({ folder });
    await here.items.put({ namespace: 'n', record: 'r', items: [{ key: bytes('k'), value: bytes('v') }], token: newToken() });
    await here.close();
    await there.registers.create({ namespace: 'n', name: 'x', value: bytes('in use'), commandId: 'c' });
    await assert.rejects(pass(folder, there), /already holds data that was not moved there/);

    await using fresh = disposable(await openThere());
    await moveAll(folder, fresh.store);
    await assert.rejects(pass(folder, fresh.store), hasCode('KV_BAD_REQUEST'));
    await assert.rejects(pass(folder, fresh.store), /was moved there completely at .*must not be overwritten/);

    const otherFolder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-kv-'));
    try {
      await (await openKv({ folder: otherFolder })).close();
      await assert.rejects(pass(otherFolder, fresh.store), /another store made at .* was moved to this destination/);
    } finally {
      await rm(otherFolder, { recursive: true });
    }
  });

  it('reads a store whose process was killed, with what only its log holds, and changes neither file', async () => {
    const here = await openKv({ folder });
    await fill(here);
    // As a kill leaves it: the files while they are in use.
    const killed = await mkdtemp(path.join(os.tmpdir(), 'bioscope-kv-'));
    try {
      await cp(folder, killed, { recursive: true });
      await here.close();
      const untouched = await hashesOf(killed);
      assert.ok(Object.keys(untouched).includes('kv.db-wal'));
      assert.deepEqual((await moveAll(killed, there)).differences, []);
      assert.deepEqual(await hashesOf(killed), untouched);
      assert.equal((await there.streams.read({ namespace: 'films', stream: 'film-0', after: 249 })).version, 250);
    } finally {
      await rm(killed, { recursive: true });
    }
  });

  it('keeps a service off the store while it is read for the last time', async () => {
    await (await openKv({ folder })).close();
    const source = openTransferSource({ folder });
    assert.equal(source.isQuiet, true);
    await assert.rejects(openKv({ folder }), hasCode('KV_UNAVAILABLE'));
    source.close();
    await (await openKv({ folder })).close();
  });

  it('refuses a position that no store gave', async () => {
    const subscription = there.streams.subscribe({ namespace: 'films', after: '12' }, async () => {});
    await assert.rejects(subscription.ended, hasCode('KV_BAD_REQUEST'));
  });
});

const hasCode = (code: KvFaultCode) => (error: unknown) => error instanceof KvFault && error.code === code;

type Filled = { readonly positions: readonly { readonly position: string; readonly left: number }[] };

async function fill(store: KvStore): Promise<Filled> {
  const put = (record: string, key: Uint8Array, value: Uint8Array, ttlMs?: number): Promise<void> =>
    store.items.put({
      namespace: 'things',
      record,
      items: [{ key, value, ...(ttlMs === undefined ? {} : { ttlMs }) }],
      token: newToken(),
    });
  for (const name of NAMES) {
    for (const key of [new Uint8Array(0), bytes('stays'), new Uint8Array(1024).fill(255), bytes('\u0000')])
      await put(name, key, bytes(`${name} value`));
    await put(name, bytes('short-lived'), bytes('v'), 3_600_000);
    await put(name, bytes('deleted'), bytes('v'));
    await store.items.delete({ namespace: 'things', record: name, select: { kind: 'keys', keys: [bytes('deleted')] }, token: newToken() });
    for (let version = 1; version <= 3; version += 1) {
      if (version === 1)
        await store.registers.create({ namespace: 'names', name, value: bytes('1'), commandId: `${name} 1`.slice(0, 200) });
      else
        await store.registers.compareAndSet({
          namespace: 'names',
          name,
          expectedVersion: version - 1,
          value: bytes(String(version)),
          commandId: `${version}`,
        });
    }
  }
  await put('large', bytes('whole'), randomBytes(16 * 1024 * 1024));
  await put('large', bytes('empty'), new Uint8Array(0));
  await put('gone', bytes('a'), bytes('v'));
  await store.items.delete({ namespace: 'things', record: 'gone', select: { kind: 'all' }, token: newToken() });
  await put('cut', bytes('b'), bytes('v'));
  await put('cut', bytes('d'), bytes('v'));
  await store.items.delete({
    namespace: 'things',
    record: 'cut',
    select: { kind: 'range', from: bytes('a'), to: bytes('c') },
    token: newToken(),
  });
  // As a projection writes: many items of one record under one token each, with small times.
  for (let start = 0; start < 3_000; start += 1_000) {
    const items = Array.from({ length: 1_000 }, (_, index) => ({ key: bytes(`t${start + index}`), value: bytes('title') }));
    await store.items.put({ namespace: 'shelf', record: 'titles', items, token: { timeUs: 7, nonce: '0'.repeat(32) } });
  }
  await store.registers.create({ namespace: 'names', name: 'removed', value: bytes('v'), commandId: 'make' });
  await store.registers.remove({ namespace: 'names', name: 'removed', expectedVersion: 1, commandId: 'unmake' });
  await store.registers.create({ namespace: 'names', name: 'busy', value: bytes('0'), commandId: 'busy 0' });
  for (let version = 1; version <= 450; version += 1)
    await store.registers.compareAndSet({
      namespace: 'names',
      name: 'busy',
      expectedVersion: version,
      value: bytes('v'),
      commandId: `busy ${version}`,
    });
  await store.registers.acquireLease({ namespace: 'names', name: 'lease', holder: 'me', ttlMs: 60_000 });

  for (let version = 0; version < 250; version += 1) {
    const events = [{ type: 'step', data: bytes(`${version}`) }];
    await store.streams.append({ namespace: 'films', stream: 'film-0', expectedVersion: version, events, commandId: `c${version}` });
    if (version < 40)
      await store.streams.append({ namespace: 'films', stream: `film-${version + 1}`, expectedVersion: 0, events, commandId: 'first' });
  }
  for (const stream of NAMES) {
    const events = Array.from({ length: 100 }, (_, index) => ({ type: 'many', data: bytes(`${index}`) }));
    await store.streams.append({ namespace: 'others', stream, expectedVersion: 0, events, commandId: 'many' });
  }
  const large = Array.from({ length: 15 }, () => ({ type: 'large', data: randomBytes(256 * 1024) }));
  await store.streams.append({ namespace: 'films', stream: 'large', expectedVersion: 0, events: large, commandId: 'large' });

  const all = await readAll(store, null, 'films', 305);
  return {
    positions: [0, 1, 60, 61, 150, 290, 295, 303, 304].map((index) => ({ position: all[index]?.position ?? '', left: 304 - index })),
  };
}

/** Writes of every kind until it is stopped. */
function keepWriting(store: KvStore): { writes(): number; stop(): Promise<void> } {
  const stopping = new AbortController();
  let writes = 0;
  const work = (async () => {
    while (!stopping.signal.aborted) {
      writes += 1;
      const name = `w${writes % 17}`;
      await store.items.put({
        namespace: 'live',
        record: name,
        items: [{ key: bytes(`${writes % 5}`), value: randomBytes(50) }],
        token: newToken(),
      });
      if (writes % 7 === 0) await store.items.delete({ namespace: 'live', record: name, select: { kind: 'all' }, token: newToken() });
      const register = await store.registers.read({ namespace: 'live', name });
      const command = { namespace: 'live', name, value: bytes(`${writes}`), commandId: newToken().nonce };
      if (register === null) await store.registers.create(command);
      else if (writes % 11 === 0) await store.registers.remove({ ...command, expectedVersion: register.version });
      else await store.registers.compareAndSet({ ...command, expectedVersion: register.version });
      const { version } = await store.streams.read({ namespace: 'live', stream: name });
      const events = [
        { type: 't', data: bytes(`${writes}`) },
        { type: 'u', data: bytes('') },
      ];
      await store.streams.append({ namespace: 'live', stream: name, expectedVersion: version, events, commandId: newToken().nonce });
    }
  })();
  return {
    writes: () => writes,
    async stop() {
      stopping.abort();
      await work;
    },
  };
}

async function claim_(there: CassandraKv, source: string) {
  return claimDestination(there, { source, clock: Date.now, waiting: () => {}, signal: new AbortController().signal });
}

async function pass(folder: string, there: CassandraKv): Promise<{ isQuiet: boolean; mended: number }> {
  const source = openTransferSource({ folder });
  try {
    const claim = await claim_(there, source.id);
    try {
      const { mended } = await copyKv({ source, destination: there, claim });
      return { isQuiet: source.isQuiet, mended };
    } finally {
      await claim.release();
    }
  } finally {
    source.close();
  }
}

async function moveAll(folder: string, there: CassandraKv): Promise<TransferVerdict> {
  const source = openTransferSource({ folder });
  try {
    assert.equal(source.isQuiet, true);
    const claim = await claim_(there, source.id);
    try {
      const request = { source, destination: there, claim };
      await copyKv(request);
      const verdict = await checkKv(request);
      if (verdict.differencesCount === 0) await settle(request);
      return verdict;
    } finally {
      await claim.release();
    }
  } finally {
    source.close();
  }
}

/** Everything that a service could ask for. */
async function assertSameThroughThePort(here: KvStore, there: KvStore, { positions }: Filled): Promise<void> {
  for (const record of [...NAMES, 'large', 'gone', 'cut']) {
    const request = { namespace: 'things', record, page: { bytesMax: 16 * 1024 * 1024 } };
    const [mine, theirs] = await Promise.all([readItems(here, request), readItems(there, request)]);
    assert.deepEqual(theirs, mine, record);
  }
  const titles = { namespace: 'shelf', record: 'titles', page: {} };
  assert.deepEqual(await readItems(there, titles), await readItems(here, titles));

  // Late retries stay harmless: of a put that was overtaken, of one whose item was deleted since.
  await there.items.put({
    namespace: 'things',
    record: 'gone',
    items: [{ key: bytes('a'), value: bytes('back') }],
    token: { timeUs: 1, nonce: '0'.repeat(32) },
  });
  assert.equal((await there.items.get({ namespace: 'things', record: 'gone' })).items.length, 0);

  for (const name of [...NAMES, 'removed', 'busy']) {
    const request = { namespace: 'names', name };
    assert.deepEqual(await there.registers.read(request), await here.registers.read(request), name);
  }
  for (const store of [here, there]) {
    assert.deepEqual(
      await store.registers.compareAndSet({ namespace: 'names', name: 'busy', expectedVersion: 5, value: bytes('v'), commandId: 'busy 5' }),
      { kind: 'set', version: 6 },
    );
    assert.deepEqual(await store.registers.create({ namespace: 'names', name: 'busy', value: bytes('0'), commandId: 'busy 0' }), {
      kind: 'created',
      version: 1,
    });
    assert.deepEqual(await store.registers.create({ namespace: 'names', name: 'removed', value: bytes('v2'), commandId: 'again' }), {
      kind: 'created',
      version: 3,
    });
    assert.deepEqual(
      await store.streams.append({
        namespace: 'others',
        stream: 'plain',
        expectedVersion: 0,
        events: [{ type: 'x', data: bytes('') }],
        commandId: 'many',
      }),
      { kind: 'appended', version: 100, repeated: true },
    );
    const stale = await store.streams.append({
      namespace: 'films',
      stream: 'film-0',
      expectedVersion: 3,
      events: [{ type: 'x', data: bytes('') }],
      commandId: 'stale',
    });
    assert.equal(stale.kind, 'conflict');
  }
  const [lease, fence] = await Promise.all([
    there.registers.acquireLease({ namespace: 'names', name: 'lease', holder: 'you', ttlMs: 1_000 }),
    here.registers.acquireLease({ namespace: 'names', name: 'lease', holder: 'me', ttlMs: 1_000 }),
  ]);
  assert.ok(lease.kind === 'held' && fence.kind === 'held' && lease.fence > fence.fence);

  // Subscribers: from the beginning, and from where they stood in the embedded store.
  for (const namespace of ['films', 'others']) {
    const mine = await readAll(here, null, namespace, namespace === 'films' ? 305 : 600);
    const theirs = await readAll(there, null, namespace, mine.length);
    assert.deepEqual(theirs.map(withoutPosition), mine.map(withoutPosition));
  }
  for (const { position, left } of positions) {
    const [mine, theirs] = await Promise.all([readAll(here, position, 'films', left), readAll(there, position, 'films', left)]);
    assert.deepEqual(theirs.map(withoutPosition), mine.map(withoutPosition), `from ${position}`);
  }
  // And what is appended from now on comes after all that.
  const last = await readAll(there, null, 'others', 600);
  await there.streams.append({
    namespace: 'others',
    stream: 'plain',
    expectedVersion: 100,
    events: [{ type: 'new', data: bytes('') }],
    commandId: 'new',
  });
  const [next] = await readAll(there, last.at(-1)?.position ?? null, 'others', 1);
  assert.equal(next?.type, 'new');
}

async function readItems(store: KvStore, request: { namespace: string; record: string; page: object }): Promise<unknown[]> {
  const found: unknown[] = [];
  let cursor: string | null = null;
  do {
    const answer = await store.items.get({ ...request, page: cursor === null ? request.page : { ...request.page, cursor } });
    for (const item of answer.items) found.push({ ...item, key: hashOf(item.key), value: hashOf(item.value) });
    cursor = answer.cursor;
  } while (cursor !== null);
  return found;
}

async function readAll(store: KvStore, from: string | null, namespace: string, count: number): Promise<StreamEvent[]> {
  if (count === 0) return [];
  const events: StreamEvent[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const subscription = store.streams.subscribe({ namespace, after: from }, async (some) => {
    events.push(...some);
    if (events.length >= count) resolve();
  });
  await Promise.race([promise, subscription.ended]);
  await subscription.close();
  return events;
}

function withoutPosition({ stream, sequence, type, data, commandId, recordedAtMs }: StreamEvent): object {
  return { stream, sequence, type, data: hashOf(data), commandId, recordedAtMs };
}

function hashOf(value: Uint8Array): string {
  return createHash('sha256').update(value).digest('hex');
}

/** What SQLite keeps of its own beside a file in use is no data. */
async function hashesOf(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).filter((name) => !name.endsWith('-shm'));
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, hashOf(await readFile(path.join(folder, name)))] as const)));
}

function disposable(store: CassandraKv): { store: CassandraKv } & AsyncDisposable {
  return { store, [Symbol.asyncDispose]: () => store.close() };
}
