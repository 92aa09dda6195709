import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { BlobFault } from '@bioscope/blob';
import type { BlobStore } from '@bioscope/blob';
import type { HttpHandler } from '@bioscope/rpc';
import { editionKey } from '../domain/names.ts';
import { parseRange } from '../domain/range.ts';

/** `/origin/<edition>/<file>`, with one byte range: where appliances fill from when no peer has the file. */
export function serveOrigin(blob: BlobStore): HttpHandler {
  return async (request, response, { path }) => {
    if (request.method === 'GET' || request.method === 'HEAD') await answer(blob, path, request, response);
    else response.writeHead(405, { allow: 'GET, HEAD' }).end();
  };
}

async function answer(blob: BlobStore, path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, editionId, file] = PATH.exec(path) ?? [];
  const info = editionId === undefined || file === undefined ? null : await blob.head(editionKey(editionId, file));
  if (info === null) {
    response.writeHead(404).end();
    return;
  }
  const range = parseRange(request.headers.range, info.bytes);
  if (range === 'unsatisfiable') {
    response.writeHead(416, { 'content-range': `bytes */${info.bytes}` }).end();
    return;
  }
  const { start, end } = range ?? { start: 0, end: info.bytes };
  const partial = range === null ? {} : { 'content-range': `bytes ${start}-${end - 1}/${info.bytes}` };
  const about = { 'accept-ranges': 'bytes', etag: `"${info.etag}"`, 'content-type': 'application/octet-stream' };
  const writeHead = () => response.writeHead(range === null ? 200 : 206, { ...about, ...partial, 'content-length': end - start });
  if (request.method === 'HEAD') {
    writeHead().end();
    return;
  }
  const read = await blob.get(info.key, { range: { start, end } }).catch(nullOutOfRange);
  // Deleted or replaced between the look and the read.
  if (read === null || read.etag !== info.etag) {
    read?.body.destroy();
    response.writeHead(404).end();
    return;
  }
  writeHead();
  // A client that goes away in the middle is no trouble of ours; one that is still there must see a broken transfer, not a short film.
  await pipeline(read.body, response).catch(() => response.destroy());
}

const PATH = /^\/origin\/([A-Za-z0-9_-]{1,64})\/([a-z0-9._-]{1,100})$/;

function nullOutOfRange(error: unknown): null {
  if (error instanceof BlobFault && error.code === 'BLOB_RANGE') return null;
  throw error;
}
