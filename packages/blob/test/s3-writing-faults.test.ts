import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, it } from 'node:test';
import { PART_BYTES_MIN } from '@bioscope/blob';
import { rejectsWith } from './rejects-with.ts';
import { refuse, scriptedStore, xml } from './scripted-s3.ts';
import type { Asked } from './scripted-s3.ts';

const MIB = 1024 * 1024;
const BODY = Buffer.from('moving pictures');

describe('writing to an S3 server that fails', () => {
  it('tries again after an error or a broken connection, and sends the whole body each time', async (t) => {
    const { store, asked } = await scriptedStore(t, (_, response, turn) => {
      if (turn === 0) refuse(response, 500, 'InternalError');
      else if (turn === 1) response.destroy();
      else stored(response);
    });
    assert.equal((await store.put('film', BODY)).kind, 'stored');
    assert.deepEqual(
      asked.map(({ body }) => body.toString()),
      Array(3).fill(BODY.toString()),
    );
  });

  it('tells a creator whose answer was lost that it won, and one that came second that it lost', async (t) => {
    for (const isOwn of [true, false]) {
      let write: string | undefined;
      const { store } = await scriptedStore(t, ({ method, headers }, response) => {
        if (method === 'PUT' && write === undefined) {
          write = isOwn ? writeOf(headers) : 'of another';
          response.destroy();
        } else if (method === 'PUT') refuse(response, 412, 'PreconditionFailed');
        else if (write === undefined) refuse(response, 404, 'NoSuchKey');
        else there(response, BODY.length, write);
      });
      const { kind } = await store.put('film', BODY, { ifAbsent: true });
      assert.equal(kind, isOwn ? 'stored' : 'exists');
    }
  });

  it('tries again when two creators are told of a conflict', async (t) => {
    const { store, asked } = await scriptedStore(t, ({ method }, response) => {
      if (method !== 'PUT') refuse(response, 404, 'NoSuchKey');
      else if (asked.filter((each) => each.method === 'PUT').length < 3) refuse(response, 409, 'ConditionalRequestConflict');
      else stored(response);
    });
    assert.equal((await store.put('film', BODY, { ifAbsent: true })).kind, 'stored');
  });

  it('says what is wrong: no room, credentials, rights, a server that does not answer or says nonsense', async (t) => {
    const answering = async (answer: (response: ServerResponse) => void) =>
      (await scriptedStore(t, (_, response) => answer(response))).store;
    const refusing = (status: number, code: string) => answering((response) => refuse(response, status, code));
    await rejectsWith('BLOB_NO_SPACE', (await refusing(507, 'InsufficientStorage')).put('film', BODY));
    await rejectsWith('BLOB_NO_SPACE', (await refusing(403, 'QuotaExceeded')).put('film', BODY));
    await rejectsWith('BLOB_UNAVAILABLE', (await refusing(403, 'SignatureDoesNotMatch')).put('film', BODY), /credentials.*secretAccessKey/);
    await rejectsWith('BLOB_UNAVAILABLE', (await refusing(403, 'AccessDenied')).delete('film'), /what they may do in the bucket/);
    await rejectsWith('BLOB_UNAVAILABLE', (await refusing(404, 'NoSuchBucket')).put('film', BODY), /bucket does not exist/);
    await rejectsWith('BLOB_UNAVAILABLE', (await answering(() => undefined)).put('film', BODY));
    await rejectsWith(
      'BLOB_UNAVAILABLE',
      (await answering((response) => response.end('<html>'))).put('film', BODY),
      /not one of an S3 server/,
    );
  });

  it('gives a long body up when a piece cannot be sent, though its source is silent, and takes back what it sent', async (t) => {
    const { store, asked } = await scriptedStore(t, (request, response) => {
      if (request.url.includes('partNumber=2')) refuse(response, 500, 'InternalError');
      else longPut(request, response);
    });
    await rejectsWith('BLOB_UNAVAILABLE', store.put('film', silentAfter(3)));
    assert.ok(
      asked.some(({ method, url }) => method === 'DELETE' && url.includes('uploadId=upload-1')),
      'the upload was not aborted',
    );
    assert.equal(asked.some(isJoin), false);
  });

  it('holds no more of a long body in memory than the pieces under way and the next one', async (t) => {
    let [taken, aheadMost] = [0, 0];
    // By part, as a loaded machine may send one again.
    const pieces = new Map<string, number>();
    const answered = () => [...pieces.values()].reduce((sum, bytes) => sum + bytes, 0);
    const { store } = await scriptedStore(t, (request, response) => {
      longPut(request, response);
      const [part] = /partNumber=\d+/.exec(request.url) ?? [];
      if (part !== undefined) pieces.set(part, request.body.length);
    });
    const body = async function* () {
      for (; taken < 100 * MIB; taken += MIB) {
        aheadMost = Math.max(aheadMost, taken - answered());
        yield new Uint8Array(MIB);
      }
    };
    const put = await store.put('film', body());
    assert.ok(put.kind === 'stored' && put.bytes === 100 * MIB && answered() === 100 * MIB);
    // Three under way, one being filled, and a chunk on the way in each of the streams between.
    assert.ok(aheadMost <= 4 * PART_BYTES_MIN + 4 * MIB, `the source was ${aheadMost} bytes ahead of the server`);
  });

  it('tells of the body that broke off also when what was sent cannot be taken back', async (t) => {
    const { store } = await scriptedStore(t, (request, response) => {
      if (request.method === 'DELETE') refuse(response, 500, 'InternalError');
      else longPut(request, response);
    });
    await assert.rejects(store.put('film', breaksOff()), /the sender went away/);
  });

  it('finds its object when the answer to joining was lost', async (t) => {
    let write = '';
    const { store } = await scriptedStore(t, (request, response) => {
      if (request.url.includes('?uploads')) write = writeOf(request.headers);
      if (isJoin(request)) response.destroy();
      else if (request.method === 'HEAD') there(response, 3 * PART_BYTES_MIN, write);
      else longPut(request, response);
    });
    const put = await store.put('film', new Uint8Array(3 * PART_BYTES_MIN));
    assert.deepEqual([put.kind, put.kind === 'stored' && put.etag], ['stored', 'whole']);
  });

  it('believes a joining that it asked for twice only when the object is there', async (t) => {
    for (const comes of [true, false]) {
      let [write, joins, looks] = ['', 0, 0];
      const { store } = await scriptedStore(t, (request, response) => {
        if (request.url.includes('?uploads')) write = writeOf(request.headers);
        // The server died while it joined, and takes what is left of that for a joining under way.
        if (isJoin(request) && (joins += 1) === 1) response.destroy();
        else if (request.method === 'HEAD' && comes && (looks += 1) > 2) there(response, 3 * PART_BYTES_MIN, write);
        else if (request.method === 'HEAD' || request.method === 'GET') refuse(response, 404, 'NoSuchKey');
        else longPut(request, response);
      });
      const put = store.put('film', new Uint8Array(3 * PART_BYTES_MIN));
      if (comes) assert.equal((await put).kind, 'stored');
      else await rejectsWith('BLOB_UNAVAILABLE', put, /the object is not there/);
    }
  });

  it('does not believe that parts were joined before their object is there', async (t) => {
    for (const comes of [true, false]) {
      let joined = false;
      const { store } = await scriptedStore(t, (request, response) => {
        if (isJoin(request)) joined = true;
        if (request.method === 'HEAD' && joined && comes) there(response, PART_BYTES_MIN, '');
        else if (request.method === 'HEAD') refuse(response, 404, 'NoSuchKey');
        else if (request.method === 'GET' && request.url.includes('uploadId=')) response.end(ONE_PART);
        else if (request.method === 'GET') refuse(response, 404, 'NoSuchKey');
        else longPut(request, response);
      });
      const completed = store.completeMultipart({ key: 'film', uploadId: 'upload-1', parts: [{ part: 1, etag: 'piece' }] });
      if (comes) assert.deepEqual(await completed, { etag: 'whole', bytes: PART_BYTES_MIN });
      else await rejectsWith('BLOB_UNAVAILABLE', completed, /the object is not there/);
    }
  });

  it('does not take an error in a good answer to joining for success', async (t) => {
    const { store } = await scriptedStore(t, (request, response) => {
      if (isJoin(request)) response.end(xml('<Error><Code>InternalError</Code><Message>We are sorry</Message></Error>'));
      else if (request.method === 'HEAD' || request.method === 'GET') refuse(response, 404, 'NoSuchKey');
      else longPut(request, response);
    });
    await rejectsWith('BLOB_UNAVAILABLE', store.put('film', new Uint8Array(3 * PART_BYTES_MIN)));
  });
});

const ONE_PART = xml(
  `<ListPartsResult><IsTruncated>false</IsTruncated><Part><PartNumber>1</PartNumber><ETag>"piece"</ETag><Size>${PART_BYTES_MIN}</Size></Part></ListPartsResult>`,
);

function writeOf(headers: Asked['headers']): string {
  const write = headers['x-amz-meta-bioscope-write'];
  assert.ok(typeof write === 'string', 'the write has no name');
  return write;
}

function isJoin({ method, url }: Asked): boolean {
  return method === 'POST' && url.includes('uploadId=');
}

/** What a good server answers to a long put. */
function longPut({ method, url }: Asked, response: ServerResponse): void {
  if (url.includes('?uploads')) {
    response.end(xml('<InitiateMultipartUploadResult><UploadId>upload-1</UploadId></InitiateMultipartUploadResult>'));
  } else if (method === 'PUT') stored(response);
  else if (method === 'DELETE') response.writeHead(204).end();
  else response.end(xml('<CompleteMultipartUploadResult><ETag>"whole"</ETag></CompleteMultipartUploadResult>'));
}

function stored(response: ServerResponse): void {
  response.writeHead(200, { etag: '"piece"' }).end();
}

function there(response: ServerResponse, bytes: number, write: string): void {
  const about = { etag: '"whole"', 'content-length': bytes, 'last-modified': 'Fri, 27 Nov 2026 08:00:00 GMT' };
  response.writeHead(200, { ...about, 'x-amz-meta-bioscope-write': write }).end();
}

async function* silentAfter(pieces: number): AsyncGenerator<Uint8Array> {
  for (let piece = 0; piece < pieces; piece += 1) yield new Uint8Array(PART_BYTES_MIN);
  await new Promise(() => undefined);
}

async function* breaksOff(): AsyncGenerator<Uint8Array> {
  for (let piece = 0; piece < 3; piece += 1) yield new Uint8Array(PART_BYTES_MIN);
  throw new Error('the sender went away');
}
