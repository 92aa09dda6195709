import { mkdir, open, statfs } from 'node:fs/promises';
import { join } from 'node:path';

import type { HttpHandler } from '@bioscope/rpc';
import type { Logger } from '@bioscope/telemetry';
import { Server } from '@tus/server';

import type { StudioConfig } from '../config.ts';
import { FilmStore, refusal } from './film-store.ts';

/** Resumable uploads by the tus protocol 1.0 (https://tus.io/protocols/resumable-upload), kept as files named by their ids. */
export type Uploads = {
  /** Below `/uploads`: creation, HEAD, PATCH, termination. Whoever may reach it may upload: the gateway asks for the operator's token. */
  readonly handle: HttpHandler;
  /** Null when there is none; flushed to the disk when it is whole. */
  finished(uploadId: string): Promise<FinishedUpload | null>;
  remove(uploadId: string): Promise<void>;
  /** Deletes those that outlived their time. */
  sweep(): Promise<number>;
};
export type FinishedUpload = { readonly path: string; readonly bytes: number; readonly whole: boolean };

const METHODS: ReadonlySet<string | undefined> = new Set(['OPTIONS', 'POST', 'HEAD', 'PATCH', 'DELETE']);
/** What the rest of the system needs to go on when uploads fill the disk. */
const RESERVED_BYTES = 512 * 2 ** 20;
/** The source is kept beside the upload while it is copied, and its editions need about as much again. */
const SPACE_FACTOR = 2.5;
const UPLOAD_ID = /^[a-f0-9]{32}$/;

export async function openUploads({ config, log }: { config: StudioConfig; log: Logger }): Promise<Uploads> {
  const directory = join(config.folder, 'uploads');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const store = new FilmStore({ directory, expirationPeriodInMilliseconds: config.uploadLifeMs });
  const server = new Server({
    path: '/http/studio/uploads',
    datastore: store,
    maxSize: config.uploadBytesMax,
    generateUrl: (_request, { id }) => `/uploads/${id}`,
    getFileIdFromRequest: (_request, lastPath) => (lastPath !== undefined && UPLOAD_ID.test(lastPath) ? lastPath : undefined),
    onUploadCreate: async (_request, upload) => {
      if (upload.size === 0) throw refusal(415, 'The file is empty. Choose the film file again; the copy may have stopped.');
      const { bavail, bsize } = await statfs(directory);
      const need = (upload.size ?? 0) * SPACE_FACTOR + RESERVED_BYTES;
      if (bavail * bsize < need)
        throw refusal(507, `The disk has ${gib(bavail * bsize)} GiB free; preparing this film needs about ${gib(need)} GiB.`);
      return {};
    },
  });
  return {
    async handle(request, response) {
      if (!METHODS.has(request.method)) {
        response.writeHead(405, { allow: [...METHODS].join(', ') }).end();
        return;
      }
      await server.handle(request, response);
    },
    async finished(uploadId) {
      if (!UPLOAD_ID.test(uploadId)) return null;
      const upload = await store.getUpload(uploadId).catch(() => null);
      if (upload === null) return null;
      const path = join(directory, uploadId);
      const whole = upload.size !== undefined && upload.offset === upload.size;
      if (whole) {
        await using file = await open(path, 'r');
        await file.sync();
      }
      return { path, bytes: upload.offset, whole };
    },
    remove: async (uploadId) => {
      await store.remove(uploadId).catch((fault: unknown) => log.debug({ uploadId, fault }, 'the upload was gone already'));
    },
    sweep: () => store.deleteExpired(),
  };
}

function gib(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}
