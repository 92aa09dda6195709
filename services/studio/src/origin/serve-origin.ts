import { pipeline } from 'node:stream/promises';

import { BlobFault, type BlobStore } from '@bioscope/blob';
import type { HttpHandler } from '@bioscope/rpc';

import { editionKey } from '../parts.ts';

const PATH = /^\/origin\/([A-Za-z0-9_-]+)\/([a-z0-9._-]+)$/;
const RANGE = /^bytes=(\d{1,15})-(\d{1,15})?$/;

/** `/origin/<edition>/<file>`: packaged files for appliances that fill, with single ranges (RFC 9110 section 14). */
export function serveOrigin(blob: BlobStore): HttpHandler {
  return async (request, response, { path }) => {
    const [, editionId, file] = PATH.exec(path) ?? [];
    if (request.method !== 'GET' || editionId === undefined || file === undefined) {
      response.writeHead(404).end();
      return;
    }
    const range = rangeOf(request.headers.range);
    const found = await blob.get(editionKey(editionId, file), range === null ? {} : { range }).catch((fault: unknown) => {
      if (fault instanceof BlobFault && fault.code === 'BLOB_RANGE') return 'out_of_range' as const;
      throw fault;
    });
    if (found === null || found === 'out_of_range') {
      response.writeHead(found === null ? 404 : 416).end();
      return;
    }
    const { start, end } = found.range;
    response.writeHead(range === null ? 200 : 206, {
      'content-length': end - start,
      'content-type': 'application/octet-stream',
      'accept-ranges': 'bytes',
      etag: `"${found.etag}"`,
      ...(range === null ? {} : { 'content-range': `bytes ${start}-${end - 1}/${found.bytes}` }),
    });
    await pipeline(found.body, response);
  };
}

/** What is no single range of the simple form is ignored, as the RFC allows: the whole file is sent. */
function rangeOf(header: string | undefined): { start: number; end?: number } | null {
  const match = RANGE.exec(header ?? '');
  if (match === null) return null;
  const start = Number(match[1]);
  return match[2] === undefined ? { start } : { start, end: Number(match[2]) + 1 };
}
