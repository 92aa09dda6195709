import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import process from 'node:process';
import { openS3Blobs } from '@bioscope/blob/s3';
import { rejectsWith } from './rejects-with.ts';

/** Runs with local copies on a file system of 2 MiB. */
const [folder = '', address = '{}'] = process.argv.slice(2);
await using store = await openS3Blobs({ ...JSON.parse(address), temporaryFolder: folder });
for (const key of ['one', 'two']) await store.put(key, new Uint8Array(1_500_000));
const one = await store.localCopy('one');
await rejectsWith('BLOB_NO_SPACE', store.localCopy('two'));
const [owner = ''] = await readdir(folder);
assert.equal((await readdir(`${folder}/${owner}`)).length, 2, 'half a copy is left beside the whole one and its user');
// Kept for whoever asks next, but not in the way of another.
await one?.[Symbol.asyncDispose]();
const two = await store.localCopy('two');
assert.ok(two !== null);
await two[Symbol.asyncDispose]();
process.stdout.write('refused and recovered\n');
