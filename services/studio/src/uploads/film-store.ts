import type { Readable } from 'node:stream';

import { FileStore } from '@tus/file-store';

import { sniff, SNIFF_BYTES } from '../media/index.ts';

/**
 * tus's file store, with a look at the first bytes: what cannot be a film is refused before it is sent whole. The answer is 415 with the reason;
 * the upload is gone.
 */
export class FilmStore extends FileStore {
  override async write(body: Readable, uploadId: string, offset: number): Promise<number> {
    if (offset > 0) return await super.write(body, uploadId, offset);
    const head = await firstBytes(body);
    if (head.length >= SNIFF_BYTES) {
      const sniffed = sniff(head);
      if (sniffed.kind === 'refused') {
        await this.remove(uploadId);
        throw refusal(415, sniffed.refusal.message);
      }
    }
    if (head.length > 0) body.unshift(head);
    return await super.write(body, uploadId, offset);
  }
}

/** The shape that `@tus/server` turns into an answer. */
export function refusal(status: number, message: string): Error & { status_code: number; body: string } {
  return Object.assign(new Error(message), { status_code: status, body: `${message}\n` });
}

/** At least `SNIFF_BYTES` bytes, or all there are: a film's head may arrive in many pieces. */
async function firstBytes(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  while (length < SNIFF_BYTES) {
    const chunk = (body.read() as Buffer | null) ?? (await nextChunk(body));
    if (chunk === null) break;
    chunks.push(chunk);
    length += chunk.length;
  }
  return Buffer.concat(chunks);
}

/** Null at the end. Rejects when the sender goes away. */
function nextChunk(body: Readable): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      body.off('readable', onReadable).off('end', onEnd).off('error', onError).off('close', onClose);
      act();
    };
    const onReadable = (): void => {
      const chunk = body.read() as Buffer | null;
      if (chunk !== null) settle(() => resolve(chunk));
    };
    const onEnd = (): void => settle(() => resolve(null));
    const onError = (cause: Error): void => settle(() => reject(cause));
    const onClose = (): void => settle(() => (body.readableEnded ? resolve(null) : reject(new Error('the sender went away'))));
    if (body.readableEnded) resolve(null);
    else if (body.destroyed) reject(new Error('the sender went away'));
    else body.on('readable', onReadable).on('end', onEnd).on('error', onError).on('close', onClose);
  });
}
