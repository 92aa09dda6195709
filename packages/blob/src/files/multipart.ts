import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { closeUnread } from '../body-chunks.ts';
import { checkKey } from '../key.ts';
import { checkPartNotOver, checkPartNumber, sizeOfNamed } from '../parts.ts';
import type { StoredPart } from '../parts.ts';
import { BlobFault } from '../port.ts';
import type { BlobStore } from '../port.ts';
import { writeBody } from './body.ts';
import { makeFolder, syncFolder } from '../durable.ts';
import { etagOf } from './etag.ts';
import { errorCode, onDisk } from '../disk-faults.ts';
import type { ObjectFolder } from './objects.ts';
import { discard } from '../temporary.ts';

type Multipart = Pick<BlobStore, 'startMultipart' | 'putPart' | 'listParts' | 'completeMultipart' | 'abortMultipart'>;
type PartName = { readonly key: string; readonly uploadId: string };

const KEY_FILE = 'key';

/** One folder per upload: a file that names the key, and a file per part. All of it survives a kill; `put` joins the parts. */
export function multipartIn(uploads: string, place: ObjectFolder, put: BlobStore['put']): Multipart {
  return {
    startMultipart: (key) =>
      onDisk(`Starting the upload of ${key}`, async () => {
        checkKey(key);
        const uploadId = randomBytes(16).toString('hex');
        await makeFolder(path.join(uploads, uploadId));
        await storePart(path.join(uploads, uploadId, KEY_FILE), new TextEncoder().encode(key), place);
        return { uploadId };
      }),

    putPart: ({ part, body, ...name }) =>
      onDisk(`Storing part ${part} of ${name.key}`, async () => {
        using _closed = { [Symbol.dispose]: () => closeUnread(body) };
        checkPartNumber(part);
        const folder = await folderOf(uploads, name);
        return storePart(path.join(folder, String(part)), body, place).catch((error: unknown) => {
          throw errorCode(error) === 'ENOENT' ? unknownUpload(name) : error;
        });
      }),

    listParts: (name) => onDisk(`Listing the parts of ${name.key}`, async () => partsIn(await folderOf(uploads, name))),

    completeMultipart: ({ parts, ...name }) =>
      onDisk(`Completing the upload of ${name.key}`, async () => {
        const folder = await folderOf(uploads, name);
        const bytes = sizeOfNamed(parts, await partsIn(folder));
        const stored = await put(name.key, joined(folder, parts));
        assert.ok(stored.kind === 'stored');
        await rm(folder, { recursive: true, force: true });
        return { etag: stored.etag, bytes };
      }),

    abortMultipart: (name) =>
      onDisk(`Aborting the upload of ${name.key}`, async () => {
        await rm(await folderOf(uploads, name), { recursive: true, force: true });
        await syncFolder(uploads);
      }),
  };
}

/** Removes uploads that nobody has touched for long: whoever began them is gone. */
export async function sweepUploads(uploads: string, untouchedSinceMs: number): Promise<void> {
  for (const uploadId of await readdir(uploads)) {
    const folder = path.join(uploads, uploadId);
    if ((await stat(folder)).mtimeMs < untouchedSinceMs) await rm(folder, { recursive: true, force: true });
  }
}

async function storePart(
  target: string,
  body: Parameters<BlobStore['put']>[1],
  place: ObjectFolder,
): Promise<{ etag: string; bytes: number }> {
  const temporary = place.newTemporary();
  try {
    await using file = await open(temporary, 'wx', 0o600);
    const { bytes } = await writeBody(file, body, { refuse: checkPartNotOver });
    const etag = etagOf(await file.stat({ bigint: true }));
    await rename(temporary, target);
    await syncFolder(path.dirname(target));
    return { etag, bytes };
  } finally {
    await discard(temporary);
  }
}

async function folderOf(uploads: string, name: PartName): Promise<string> {
  checkKey(name.key);
  const folder = path.join(uploads, name.uploadId);
  const key = /^[0-9a-f]{32}$/.test(name.uploadId) ? await readFile(path.join(folder, KEY_FILE), 'utf8').catch(() => null) : null;
  if (key !== name.key) throw unknownUpload(name);
  return folder;
}

function unknownUpload({ key, uploadId }: PartName): BlobFault {
  return new BlobFault(
    'BLOB_UNKNOWN_UPLOAD',
    `There is no upload ${JSON.stringify(uploadId.slice(0, 64))} of ${key}: it was completed, aborted, or never begun.`,
  );
}

async function partsIn(folder: string): Promise<StoredPart[]> {
  const numbers = (await readdir(folder)).filter((name) => name !== KEY_FILE).map(Number);
  const parts: StoredPart[] = [];
  for (const part of numbers.sort((one, other) => one - other)) {
    const stats = await stat(path.join(folder, String(part)), { bigint: true });
    parts.push({ part, etag: etagOf(stats), bytes: Number(stats.size) });
  }
  return parts;
}

async function* joined(folder: string, parts: readonly { part: number }[]): AsyncGenerator<Uint8Array> {
  for (const { part } of parts) yield* createReadStream(path.join(folder, String(part)), { highWaterMark: 1024 * 1024 });
}
