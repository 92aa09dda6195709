import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { BlobFault } from '@bioscope/blob';
import { openFileBlobs } from '@bioscope/blob/files';

/** Runs on a file system of 2 MiB. */
const folder = process.argv[2] ?? '';
const store = await openFileBlobs({ folder, secret: new Uint8Array(32) });
await store.put('kept', new Uint8Array(500_000));
const noSpace = (error: unknown) => error instanceof BlobFault && error.code === 'BLOB_NO_SPACE';
await assert.rejects(store.put('kept', new Uint8Array(3_000_000)), noSpace);
const { uploadId } = await store.startMultipart('parts');
await assert.rejects(store.putPart({ key: 'parts', uploadId, part: 1, body: new Uint8Array(3_000_000) }), noSpace);
assert.equal((await store.head('kept'))?.bytes, 500_000);
for (const owner of await readdir(path.join(folder, 'temporary')))
  assert.deepEqual(await readdir(path.join(folder, 'temporary', owner)), []);
// The space came back: nothing half-written holds it.
await store.put('other', new Uint8Array(1_000_000));
process.stdout.write('refused and recovered\n');
