import { randomBytes } from 'node:crypto';
import type { HttpHandler } from '@bioscope/rpc';
import { Server } from '@tus/server';
import type { StudioConfig } from '../config.ts';
import { ID, newFilmId } from '../domain/names.ts';
import { refusal } from './refusals.ts';
import { TusStore } from './tus-store.ts';
import type { UploadFiles } from './upload-files.ts';

type Limits = Pick<StudioConfig, 'uploadBytesMax' | 'uploadKeptMs' | 'uploadsMax' | 'diskReserveBytes'>;
/** A film is on the disk up to this many times while it is prepared: as upload, as kept source, and as rungs. */
const COPIES = 2;

/** tus 1.0.0 (https://tus.io/protocols/resumable-upload). Names and types that the sender gives are never used; the id is ours. */
export function serveUploads(files: UploadFiles, limits: Limits): HttpHandler {
  const server = new Server({
    path: '/uploads',
    datastore: new TusStore(files, limits.uploadKeptMs),
    maxSize: limits.uploadBytesMax,
    relativeLocation: true,
    namingFunction: () => newFilmId(randomBytes(32)),
    getFileIdFromRequest: (_, last) => (last !== undefined && ID.test(last) ? last : undefined),
    onUploadCreate: async (_, upload) => {
      await checkRoom(files, limits, upload.size ?? 0);
      return {};
    },
    onResponseError: (_, error) => asJson(error),
  });

  return async (request, response, context) => {
    if (request.method === 'GET') {
      // The server's own GET would hand the file out again; nobody needs that.
      response.writeHead(405, { allow: 'HEAD, POST, PATCH, DELETE, OPTIONS' }).end();
      return;
    }
    request.url = context.path;
    await server.handle(request, response);
  };
}

async function checkRoom(files: UploadFiles, limits: Limits, bytes: number): Promise<void> {
  if (bytes === 0) throw refusal(422, 'empty', 'The file is empty. Choose the film file again; the copy may have stopped.');
  if ((await files.ids()).length >= limits.uploadsMax)
    throw refusal(429, 'resource_exhausted', `${limits.uploadsMax} uploads are under way. Finish or delete some first.`);
  const needed = bytes * COPIES + limits.diskReserveBytes;
  const free = await files.freeBytes();
  if (free >= needed) return;
  throw refusal(
    507,
    'no_space',
    `The film needs ${gib(needed)} GiB while it is prepared, and the disk of the service has ${gib(free)} GiB free. Make room first.`,
  );
}

const gib = (bytes: number): string => (bytes / 1024 ** 3).toFixed(1);

function asJson(error: Error | { status_code: number; body: string }): { status_code: number; body: string } {
  const status = 'status_code' in error ? error.status_code : 500;
  const text = 'body' in error ? error.body : 'The upload failed for a reason on our side. Try again.';
  if (text.startsWith('{')) return { status_code: status, body: text };
  return { status_code: status, body: JSON.stringify({ code: status >= 500 ? 'internal' : 'invalid_argument', message: text.trim() }) };
}
