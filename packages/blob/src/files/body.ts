import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { chunksUntilAborted } from '../body-chunks.ts';
import type { BlobBody } from '../port.ts';

export type Written = { readonly bytes: number; readonly sha256: string };

/** Writes a body to a file from its beginning, hashing as it goes; the file's end is the body's end. Waits for the disk, so that a fast sender cannot fill memory. */
export async function writeBody(
  file: FileHandle,
  body: BlobBody,
  { signal, refuse }: { signal?: AbortSignal | undefined; refuse?: (bytes: number) => void } = {},
): Promise<Written> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of chunksUntilAborted(body, signal)) {
    refuse?.(bytes + chunk.byteLength);
    hash.update(chunk);
    for (let written = 0; written < chunk.byteLength;) {
      written += (await file.write(chunk, written, chunk.byteLength - written, bytes + written)).bytesWritten;
    }
    bytes += chunk.byteLength;
  }
  await file.sync();
  return { bytes, sha256: hash.digest('hex') };
}
