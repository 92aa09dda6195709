import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { ImportUploadRequestSchema, ImportUploadResponseSchema, WatchWorkResponseSchema, WorkState } from '@bioscope/studio/contract';
import type { ImportUploadRequest, WorkSchema } from '@bioscope/studio/contract';

type Work = MessageInitShape<typeof WorkSchema>;

/** The part of `api.` that adding a film touches: tus uploads kept in memory, and a work that goes through given states. */
export type FakeApi = {
  readonly port: number;
  readonly uploads: Map<string, Buffer>;
  readonly imports: ImportUploadRequest[];
  /** Hosts and authorizations that were sent. */
  readonly seen: Set<string>;
  close(): Promise<void>;
};

export async function startFakeApi(options: {
  /** What WatchWork answers, one after the other; the last one stays. */
  works?: readonly Work[];
  /** Breaks the connection in the middle of this many PATCH bodies, keeping what came. */
  breaks?: number;
  /** Refuses the first bytes with this reason. */
  refuse?: string;
  /** Takes nothing of what is sent, yet says that all is well. */
  deaf?: boolean;
}): Promise<FakeApi> {
  const uploads = new Map<string, Buffer>();
  const lengths = new Map<string, number>();
  const imports: ImportUploadRequest[] = [];
  const seen = new Set<string>();
  const works = options.works ?? [{ id: 'w1', titleId: 't1', state: WorkState.DONE, playable: true, version: 1 }];
  let breaks = options.breaks ?? 0;
  let watched = 0;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    seen.add(`${request.headers.host} ${request.headers.authorization}`);
    const path = request.url ?? '';
    const id = path.split('/').at(-1) ?? '';
    if (path === '/uploads' && request.method === 'POST') {
      const made = `upload-${uploads.size + 1}`;
      uploads.set(made, Buffer.alloc(0));
      lengths.set(made, Number(request.headers['upload-length']));
      response.writeHead(201, { location: `http://elsewhere/uploads/${made}` }).end();
    } else if (path.startsWith('/uploads/') && request.method === 'HEAD') {
      const held = uploads.get(id);
      response.writeHead(held === undefined ? 404 : 200, held === undefined ? {} : { 'upload-offset': held.length }).end();
    } else if (path.startsWith('/uploads/') && request.method === 'PATCH') await patch(request, response, id);
    else if (path.endsWith('/ImportUpload')) {
      imports.push(fromBinary(ImportUploadRequestSchema, await body(request)));
      reply(response, toBinary(ImportUploadResponseSchema, create(ImportUploadResponseSchema, { work: { ...works[0], version: 0 } })));
    } else if (path.endsWith('/WatchWork')) {
      await body(request);
      const work = works[Math.min(watched++, works.length - 1)];
      reply(response, toBinary(WatchWorkResponseSchema, create(WatchWorkResponseSchema, { work: { version: watched, ...work } })));
    } else response.writeHead(404).end();
  }

  async function patch(request: IncomingMessage, response: ServerResponse, id: string): Promise<void> {
    const held = uploads.get(id) ?? Buffer.alloc(0);
    if (Number(request.headers['upload-offset']) !== held.length) return void response.writeHead(409).end();
    if (options.refuse !== undefined) return void response.writeHead(415).end(options.refuse);
    if (options.deaf === true) {
      request.resume();
      return void response.writeHead(204, { 'upload-offset': held.length }).end();
    }
    const parts: Buffer[] = [held];
    let came = 0;
    for await (const part of request as AsyncIterable<Buffer>) {
      parts.push(part);
      came += part.length;
      if (breaks > 0 && came > 1_000) {
        breaks -= 1;
        uploads.set(id, Buffer.concat(parts));
        request.destroy();
        return;
      }
    }
    const whole = Buffer.concat(parts);
    uploads.set(id, whole);
    response.writeHead(204, { 'upload-offset': whole.length }).end();
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', () => listening.resolve());
  await listening.promise;
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    uploads,
    imports,
    seen,
    close() {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      return closed.promise;
    },
  };
}

async function body(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}

function reply(response: ServerResponse, message: Uint8Array): void {
  response.writeHead(200, { 'content-type': 'application/proto' }).end(message);
}
