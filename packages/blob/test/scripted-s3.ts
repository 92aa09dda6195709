import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { PART_BYTES_MIN } from '@bioscope/blob';
import type { BlobStore } from '@bioscope/blob';
import { openS3Blobs } from '@bioscope/blob/s3';
import type { S3Deadlines } from '@bioscope/blob/s3';

export type Asked = { readonly method: string; readonly url: string; readonly headers: IncomingMessage['headers']; readonly body: Buffer };
/** Answers one request; `turn` counts those that the script saw, from 0. */
export type Script = (asked: Asked, response: ServerResponse, turn: number) => void;

/** Short, so that what never comes is soon given up; long enough for a loaded machine to answer in. */
export const SHORT: S3Deadlines = {
  connectMs: 2_000,
  firstByteMs: 1_000,
  callMs: 8_000,
  pieceTryMs: 2_000,
  pieceMs: 10_000,
  joinMs: 3_000,
  idleMs: 300,
};

/** A store on a server that does what the script says once the store is open. */
export async function scriptedStore(t: TestContext, script: Script): Promise<{ store: BlobStore; asked: Asked[] }> {
  const asked: Asked[] = [];
  let isOpen = false;
  const endpoint = await serve(t, (request, response) => {
    if (!isOpen) {
      response.end(opening(request));
      return;
    }
    asked.push(request);
    script(request, response, asked.length - 1);
  });
  const store = await openAt(t, endpoint);
  isOpen = true;
  return { store, asked };
}

export async function openAt(t: TestContext, endpoint: string, deadlines: S3Deadlines = SHORT): Promise<BlobStore & AsyncDisposable> {
  const temporaryFolder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-blob-s3-'));
  t.after(() => rm(temporaryFolder, { recursive: true, force: true }));
  const address = { endpoint, region: 'us-east-1', bucket: 'films', accessKeyId: 'id', secretAccessKey: 'secret' };
  const store = await openS3Blobs({ ...address, temporaryFolder, deadlines, pieceBytes: PART_BYTES_MIN });
  t.after(async () => store[Symbol.asyncDispose]());
  return store;
}

/** Enough for `openS3Blobs`: the bucket is there, and no upload is old. */
function opening({ url }: Asked): string {
  const list = url.includes('uploads') ? 'ListMultipartUploadsResult' : 'ListBucketResult';
  return xml(`<${list}><IsTruncated>false</IsTruncated></${list}>`);
}

export function xml(content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${content}`;
}

export function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' }).end(xml(`<Error><Code>${code}</Code><Message>no</Message></Error>`));
}

async function serve(t: TestContext, answer: (asked: Asked, response: ServerResponse) => void): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      answer({ method, url, headers, body: Buffer.concat(chunks) }, response);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
