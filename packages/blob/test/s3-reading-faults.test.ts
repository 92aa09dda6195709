import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { ServerResponse } from 'node:http';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { BlobStore } from '@bioscope/blob';
import { rejectsWith } from './rejects-with.ts';
import { SHORT, openAt, refuse, scriptedStore } from './scripted-s3.ts';
import type { Asked } from './scripted-s3.ts';

const FILM = Buffer.from(Array.from({ length: 300_000 }, (_, place) => (place * 7 + (place >> 8)) & 255));
const ETAG = '"film-1"';

describe('reading from an S3 server that fails', () => {
  it('tries again after an error of the server, a bounded number of times', async (t) => {
    const flaky = await scriptedStore(t, (asked, response, turn) => (turn < 2 ? refuse(response, 503, 'SlowDown') : film(asked, response)));
    assert.ok((await read(flaky.store)).equals(FILM));
    const down = await scriptedStore(t, (_, response) => refuse(response, 500, 'InternalError'));
    await rejectsWith('BLOB_UNAVAILABLE', down.store.get('film'));
    assert.equal(down.asked.length, 3);
  });

  it('gives up by its deadline when no answer comes, whatever is asked', async (t) => {
    const { store } = await scriptedStore(t, () => undefined);
    await Promise.all(everyRead(store).map((reading) => rejectsWith('BLOB_UNAVAILABLE', reading)));
  });

  it('goes on where a body broke off, at the same object', async (t) => {
    const { store, asked } = await scriptedStore(t, (request, response, turn) =>
      film(request, response, turn < 3 ? { breakAfter: 70_000 } : {}),
    );
    assert.ok((await read(store)).equals(FILM));
    assert.equal(asked.length, 4);
    assert.deepEqual([asked[0]?.headers.range, asked[0]?.headers['if-match']], [undefined, undefined]);
    for (const resumed of asked.slice(1)) {
      assert.match(resumed.headers.range ?? '', /^bytes=[1-9]\d*-299999$/);
      assert.equal(resumed.headers['if-match'], ETAG);
    }
  });

  it('goes on when a body falls silent in the middle', async (t) => {
    const { store, asked } = await scriptedStore(t, (request, response, turn) =>
      film(request, response, turn === 0 ? { silentAfter: 50_000 } : {}),
    );
    assert.ok((await read(store, { start: 10, end: 200_000 })).equals(FILM.subarray(10, 200_000)));
    assert.equal(asked.length, 2);
  });

  it('gives a body up that breaks again and again without a byte between', async (t) => {
    const { store } = await scriptedStore(t, (request, response, turn) => film(request, response, { breakAfter: turn === 0 ? 50_000 : 0 }));
    await rejectsWith('BLOB_UNAVAILABLE', read(store));
  });

  it('never goes on with another object than it began', async (t) => {
    const replaced = await scriptedStore(t, (request, response, turn) =>
      turn === 0 ? film(request, response, { breakAfter: 50_000 }) : refuse(response, 412, 'PreconditionFailed'),
    );
    await rejectsWith('BLOB_REPLACED', read(replaced.store));
    const deleted = await scriptedStore(t, (request, response, turn) =>
      turn === 0 ? film(request, response, { breakAfter: 50_000 }) : refuse(response, 404, 'NoSuchKey'),
    );
    await rejectsWith('BLOB_REPLACED', read(deleted.store));
  });

  it('refuses bytes of another range than it asked for', async (t) => {
    const { store } = await scriptedStore(t, (request, response) => film({ ...request, headers: {} }, response));
    await rejectsWith('BLOB_UNAVAILABLE', store.get('film', { range: { start: 5, end: 10 } }));
  });

  it('takes no page of a proxy for an answer: not for an object, a miss or an empty list', async (t) => {
    for (const status of [200, 404]) {
      const { store } = await scriptedStore(t, (_, response) =>
        response.writeHead(status, { 'content-type': 'text/html' }).end('<html>Hello</html>'),
      );
      await Promise.all(everyRead(store).map((reading) => rejectsWith('BLOB_UNAVAILABLE', reading)));
    }
  });

  it('believes no miss when the bucket itself is missing', async (t) => {
    const { store } = await scriptedStore(t, (_, response) => refuse(response, 404, 'NoSuchBucket'));
    await Promise.all(everyRead(store).map((reading) => rejectsWith('BLOB_UNAVAILABLE', reading)));
  });

  it('survives a server that does not speak HTTP', async (t) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('220 mail.example.org ESMTP\r\n\0\0\0');
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    t.after(() => server.close());
    await rejectsWith('BLOB_UNAVAILABLE', openAt(t, `http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });

  it('lets a reader take its time: only a server that is waited for can be too slow', async (t) => {
    const { store, asked } = await scriptedStore(t, (request, response) => film(request, response));
    const found = await store.get('film');
    const chunks: Buffer[] = [];
    for await (const chunk of found?.body ?? []) {
      chunks.push(Buffer.from(chunk));
      // Longer than the server may be silent: what is tested is that this passes by.
      if (chunks.length === 1) await pause(SHORT.idleMs * 2);
    }
    assert.ok(Buffer.concat(chunks).equals(FILM));
    assert.equal(asked.length, 1);
  });

  it('ends the request when its reader goes away, and when its signal says so', async (t) => {
    const closed: Promise<unknown>[] = [];
    const { store } = await scriptedStore(t, (request, response) => {
      closed.push(new Promise((close) => response.once('close', close)));
      film(request, response, { silentAfter: 50_000 });
    });
    const left = await store.get('film');
    left?.body.destroy();
    const aborting = new AbortController();
    const aborted = await store.get('film', { signal: aborting.signal });
    aborting.abort(new Error('enough'));
    await assert.rejects(Array.fromAsync(aborted?.body ?? []), { name: 'AbortError' });
    await Promise.all(closed);
    assert.equal(closed.length, 2);
  });
});

/** One of each call that only looks. */
function everyRead(store: BlobStore): Promise<unknown>[] {
  const range = { start: 3, end: 3 };
  return [store.get('film'), store.get('film', { range }), store.head('film'), store.list({ prefix: '' }), store.localCopy('film')];
}

async function read(store: BlobStore, range: { start: number; end?: number } = { start: 0 }): Promise<Buffer> {
  const found = await store.get('film', { range });
  return Buffer.concat(await Array.fromAsync(found?.body ?? [], (chunk) => Buffer.from(chunk)));
}

type Trouble = { readonly breakAfter?: number; readonly silentAfter?: number };

/** Answers a GET or HEAD of the film, in the asked range, and stops in the middle of it if it must. */
function film(
  { headers, method }: Pick<Asked, 'headers' | 'method'>,
  response: ServerResponse,
  { breakAfter, silentAfter }: Trouble = {},
): void {
  const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? [];
  const [start, end] = [Number(from), to === '' ? FILM.length : Number(to) + 1];
  const bytes = FILM.subarray(start, end);
  const range = headers.range === undefined ? {} : { 'content-range': `bytes ${start}-${end - 1}/${FILM.length}` };
  const about = { etag: ETAG, 'last-modified': 'Fri, 27 Nov 2026 08:00:00 GMT', 'content-length': bytes.length };
  response.writeHead(headers.range === undefined ? 200 : 206, { ...about, ...range });
  const stopAfter = breakAfter ?? silentAfter;
  if (method === 'HEAD' || stopAfter === undefined) return void response.end(method === 'HEAD' ? undefined : bytes);
  response.flushHeaders();
  const sent = bytes.subarray(0, stopAfter);
  const stop = () => (breakAfter === undefined ? undefined : response.destroy());
  if (sent.length === 0) stop();
  else response.write(sent, () => stop());
}
