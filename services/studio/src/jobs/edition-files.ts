import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';

/** A finished file of an edition on the local disk; sha256 in lower-case hexadecimal. */
export type FoundFile = { readonly path: string; readonly name: string; readonly bytes: number; readonly sha256: string };

export async function describeFile(path: string): Promise<FoundFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { path, name: basename(path), bytes, sha256: hash.digest('hex') };
}

/** Names go into URLs and file systems of appliances; the contract allows no others. */
export function fileNamed(name: string): string {
  if (!/^[a-z0-9._-]+$/.test(name)) throw new Error(`${JSON.stringify(name)} cannot be the name of an edition's file`);
  return name;
}
