import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CallError } from '../api/call-error.ts';
import { FAILURES_MAX, uploadFile, type UploadNeeds, type UploadOutcome } from './tus-upload.ts';
import { createUploadMemory, type UploadMemory } from './upload-memory.ts';

const MIB = 1024 * 1024;

/** A tus server of one's own, with a list of what goes wrong: each request takes the next trouble, "" is none. */
function tusServer(...troubles: Trouble[]) {
  const uploads = new Map<string, { length: number; bytes: Uint8Array; at: number }>();
  const asked: string[] = [];
  let ids = 0;
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    init.signal?.throwIfAborted();
    const headers = new Headers(init.headers);
    const id = new URL(url).pathname.split('/')[2] ?? '';
    asked.push(`${init.method} ${id}`.trim());
    assert.equal(headers.get('tus-resumable'), '1.0.0');
    assert.equal(headers.get('authorization'), 'Bearer t1');
    const trouble = troubles.shift() ?? '';
    if (trouble === 'nobody') throw new TypeError('Failed to fetch');
    if (typeof trouble === 'number') return Response.json({ code: 'x', message: `because ${trouble}` }, { status: trouble });
    if (init.method === 'POST') {
      const made = `up${(ids += 1)}`;
      uploads.set(made, {
        length: Number(headers.get('upload-length')),
        bytes: new Uint8Array(Number(headers.get('upload-length'))),
        at: 0,
      });
      return new Response(null, { status: 201, headers: { location: `/uploads/${made}` } });
    }
    const upload = uploads.get(id);
    if (upload === undefined) return Response.json({ code: 'not_found', message: 'gone' }, { status: 404 });
    if (init.method === 'PATCH') {
      if (Number(headers.get('upload-offset')) !== upload.at) return new Response(null, { status: 409 });
      assert.ok(init.body instanceof Blob);
      const sent = new Uint8Array(await init.body.arrayBuffer());
      const kept = trouble === 'half' ? sent.subarray(0, Math.floor(sent.length / 2)) : sent;
      upload.bytes.set(kept, upload.at);
      upload.at += kept.length;
      if (trouble === 'half' || trouble === 'answer lost') throw new TypeError('Failed to fetch');
    }
    return new Response(null, { status: init.method === 'HEAD' ? 200 : 204, headers: { 'upload-offset': String(upload.at) } });
  };
  return { fetch, uploads, asked };
}
/** `half`: the connection breaks in the middle of a part; `answer lost`: after it. A number is an answer with that status. */
type Trouble = '' | 'nobody' | 'half' | 'answer lost' | number;

/** A prime number of bytes, so that no two parts look alike. */
const PATTERN = Buffer.from(Array.from({ length: 251 }, (_, at) => at));

function film(bytes = 3 * MIB + 17): File {
  return new File([Buffer.alloc(bytes, PATTERN)], 'Süße Nacht 夜.mkv', { lastModified: 5 });
}

type Tried = { outcome: UploadOutcome; progress: number[]; pauses: number[]; memory: UploadMemory };

async function upload(server: ReturnType<typeof tusServer>, file: File, memory = emptyMemory()): Promise<Tried> {
  const pauses: number[] = [];
  const needs: UploadNeeds = {
    origin: 'http://console.test',
    fetch: server.fetch,
    token: async () => 't1',
    pause: async (ms) => void pauses.push(ms),
    nowMs: () => 0,
    memory,
  };
  const progress: number[] = [];
  const outcome = await uploadFile(needs, { file, onProgress: (sent) => progress.push(sent), signal: new AbortController().signal });
  return { outcome, progress, pauses, memory };
}

function emptyMemory(): UploadMemory {
  const kept = new Map<string, string>();
  return createUploadMemory({ getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) });
}

async function assertArrived(server: ReturnType<typeof tusServer>, file: File, { outcome }: Tried): Promise<void> {
  assert.equal(outcome.kind, 'uploaded');
  const upload = server.uploads.get(outcome.kind === 'uploaded' ? outcome.uploadId : '');
  assert.equal(Buffer.compare(upload?.bytes ?? new Uint8Array(), new Uint8Array(await file.arrayBuffer())), 0);
}

describe('an upload', () => {
  it('arrives whole, in parts that grow while the line is fast', async () => {
    const server = tusServer();
    const file = film();
    const tried = await upload(server, file);
    await assertArrived(server, file, tried);
    assert.deepEqual(tried.progress, [0, MIB, 3 * MIB, file.size]);
    assert.deepEqual(server.asked, ['POST', 'PATCH up1', 'PATCH up1', 'PATCH up1']);
  });

  for (const trouble of ['nobody', 'half', 'answer lost', 409, 423, 500, 503] as const) {
    for (const at of [1, 2, 3]) {
      it(`goes on where the service stands after "${trouble}" at request ${at + 1}`, async () => {
        const server = tusServer(...Array<Trouble>(at).fill(''), trouble);
        const file = film();
        const tried = await upload(server, file);
        await assertArrived(server, file, tried);
        assert.equal(server.asked.filter((each) => each.startsWith('POST')).length, 1);
        assert.equal(tried.pauses.length, 1);
      });
    }
  }

  it('goes on after the page was loaded anew and the same file chosen again', async () => {
    const memory = emptyMemory();
    const server = tusServer('', '', ...Array<Trouble>(FAILURES_MAX).fill('nobody'));
    const first = await upload(server, film(), memory);
    assert.deepEqual(first.outcome.kind, 'broke_off');
    const second = await upload(server, film(), memory);
    await assertArrived(server, film(), second);
    assert.equal(second.progress[0], MIB);
    assert.equal(server.uploads.size, 1);
  });

  it('begins anew when the service has forgotten what was begun', async () => {
    const memory = emptyMemory();
    const file = film();
    memory.keep({ name: file.name, size: file.size, lastModified: file.lastModified, uploadId: 'expired' });
    const server = tusServer();
    const tried = await upload(server, file, memory);
    await assertArrived(server, file, tried);
    assert.equal(
      memory.all().some(({ uploadId }) => uploadId === 'expired'),
      false,
    );
  });

  it('that is refused ends at once with the service’s reason, and is forgotten', async () => {
    const server = tusServer('', '', 422);
    const { outcome, pauses, memory } = await upload(server, film());
    assert.deepEqual(outcome, { kind: 'refused', message: 'because 422' });
    assert.deepEqual(pauses, []);
    assert.deepEqual(memory.all(), []);
  });

  it('is refused when it is empty or the disk is full, before a byte is sent', async () => {
    assert.equal((await upload(tusServer(), film(0))).outcome.kind, 'refused');
    assert.deepEqual((await upload(tusServer(507), film())).outcome, { kind: 'refused', message: 'because 507' });
  });

  it('waits longer and longer, and gives up with what the service said last', async () => {
    const { outcome, pauses } = await upload(tusServer(...Array<Trouble>(FAILURES_MAX).fill(503)), film());
    assert.deepEqual(outcome, { kind: 'broke_off', message: 'because 503' });
    assert.deepEqual(pauses.slice(0, 3), [250, 500, 1000]);
    assert.equal(pauses.length, FAILURES_MAX - 1);
  });

  it('breaks off at once when nobody is signed in any more, and keeps what arrived', async () => {
    const server = tusServer();
    const memory = emptyMemory();
    let left = 2;
    const needs: UploadNeeds = {
      origin: 'http://console.test',
      fetch: server.fetch,
      token: async () => {
        left -= 1;
        if (left < 0) throw new CallError('You are signed out.', { failure: 'forbidden' });
        return 't1';
      },
      pause: async () => assert.fail('there is nothing to wait for'),
      nowMs: () => 0,
      memory,
    };
    const file = film();
    const outcome = await uploadFile(needs, { file, onProgress: () => undefined, signal: new AbortController().signal });
    assert.deepEqual(outcome, { kind: 'broke_off', message: 'You are signed out.' });
    assert.equal((await upload(server, file, memory)).progress[0], MIB);
  });

  it('ends when it is cancelled', async () => {
    const leaving = new AbortController();
    const server = tusServer();
    const needs: UploadNeeds = {
      origin: 'http://console.test',
      fetch: server.fetch,
      token: async () => 't1',
      pause: async () => undefined,
      nowMs: () => 0,
      memory: emptyMemory(),
    };
    const ended = uploadFile(needs, { file: film(), onProgress: (sent) => sent >= MIB && leaving.abort(), signal: leaving.signal });
    await assert.rejects(ended, { name: 'AbortError' });
  });
});
