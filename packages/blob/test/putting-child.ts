import { createHash } from 'node:crypto';
import process from 'node:process';
import { openFileBlobs } from '@bioscope/blob/files';

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
  const one = await store.putPart({ key, uploadId, part: 1, body: bytes.subarray(0, 1000) });
  const two = await store.putPart({ key, uploadId, part: 2, body: bytes.subarray(1000) });
  await store.completeMultipart({
    key,
    uploadId,
    parts: [
      { part: 1, etag: one.etag },
      { part: 2, etag: two.etag },
    ],
  });
}

/** The number's hash, repeated, so that any whole object can be told from a piece of one. */
function bytesOf(number: number): Uint8Array {
  const block = createHash('sha256').update(String(number)).digest();
  const bytes = new Uint8Array(2_000 + ((number * 7_919) % 120_000));
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = block[at % block.length] ?? 0;
  return bytes;
}
