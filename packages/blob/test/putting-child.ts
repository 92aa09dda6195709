import process from 'node:process';
import { PART_BYTES_MIN } from '@bioscope/blob';
import { openFileBlobs } from '@bioscope/blob/files';
import { bytesOf } from './numbered-bytes.ts';

/** Puts objects of known bytes without end, four at once, and prints the number of each that was acknowledged; some by parts. */
const [folder = '', from = '0'] = process.argv.slice(2);
const store = await openFileBlobs({ folder, secret: new Uint8Array(32) });
let next = Number(from);

await Promise.all(Array.from({ length: 4 }, putWithoutEnd));

async function putWithoutEnd(): Promise<void> {
  for (;;) {
    const number = next++;
    const key = `films/${number % 7}/${number}`;
    await (number % 3 === 0 ? putInParts(key, number) : store.put(key, bytesOf(number)));
    process.stdout.write(`${number}\n`);
  }
}

async function putInParts(key: string, number: number): Promise<void> {
  const bytes = bytesOf(number);
  const { uploadId } = await store.startMultipart(key);
  const parts: { part: number; etag: string }[] = [];
  for (let at = 0; at < bytes.length; at += PART_BYTES_MIN) {
    const part = parts.length + 1;
    const { etag } = await store.putPart({ key, uploadId, part, body: bytes.subarray(at, at + PART_BYTES_MIN) });
    parts.push({ part, etag });
  }
  await store.completeMultipart({ key, uploadId, parts });
}
