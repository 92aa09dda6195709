import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import type { MadeFile } from '../domain/edition.ts';

/** Name, size and SHA-256 of a finished file. */
export async function hashFile(file: string): Promise<MadeFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(file)) {
    const piece: Buffer = chunk;
    hash.update(piece);
    bytes += piece.length;
  }
  return { name: path.basename(file), bytes, sha256: hash.digest('hex') };
}
