import { pipeline } from 'node:stream/promises';

import type { BlobStore } from '@bioscope/blob';
import type { HttpHandler } from '@bioscope/rpc';

import { artworkKey } from './set-artwork.ts';

const PATH = /^\/artwork\/([A-Za-z0-9_-]{1,64})\/([0-9a-f]{16}-(?:poster|backdrop)\.jpg)$/;
/** A year; the name changes when the picture does. */
const CACHE = 'public, max-age=31536000, immutable';

/** `GET /artwork/<title id>/<file>`. */
export function serveArtwork(blob: BlobStore): HttpHandler {
  return async (request, response, { path }) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return;
    }
    const [, titleId, file] = PATH.exec(path) ?? [];
    const picture = titleId === undefined || file === undefined ? null : await blob.get(artworkKey(titleId, file));
    if (picture === null || file === undefined) {
      response
        .writeHead(404, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
        .end('There is no such picture.\n');
      return;
    }
    const headers = { etag: `"${file}"`, 'cache-control': CACHE };
    const isKnown = request.headers['if-none-match']?.includes(headers.etag) === true;
    response.writeHead(
      isKnown ? 304 : 200,
      isKnown ? headers : { ...headers, 'content-type': 'image/jpeg', 'content-length': picture.bytes },
    );
    if (isKnown || request.method === 'HEAD') {
      picture.body.destroy();
      response.end();
      return;
    }
    await pipeline(picture.body, response);
  };
}
