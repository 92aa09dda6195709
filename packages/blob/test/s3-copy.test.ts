import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { PART_BYTES_MIN, copyBlobs } from '@bioscope/blob';
import { openFileBlobs } from '@bioscope/blob/files';
import { engineForTests, engineMissing } from '@bioscope/engines/testing';
import type { EngineForTests } from '@bioscope/engines/testing';
import { bytesOf } from './numbered-bytes.ts';
import { openS3 } from './s3-store.ts';

describe('moving blobs from files to an S3 server', { skip: engineMissing('s3') }, () => {
  let engine: EngineForTests<'s3'>;
  before(async () => {
    engine = await engineForTests('s3');
  });
  after(() => engine.release());

  it('moves long and short objects, goes on after a stop, and moves them back the same', async (t) => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-blob-move-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const files = await openFileBlobs({ folder: path.join(folder, 'one'), secret: new Uint8Array(32) });
    for (let number = 1; number <= 24; number += 1) await files.put(`films/${number % 5}/${number}`, bytesOf(number));
    await files.put('films', new Uint8Array(0));
    await using s3 = await openS3(engine.addresses, { pieceBytes: PART_BYTES_MIN });
    const aborting = new AbortController();
    const stopAfterTen = ({ objects }: { objects: number }) => (objects === 10 ? aborting.abort(new Error('stopped by hand')) : undefined);
    await assert.rejects(copyBlobs(files, s3.store, { signal: aborting.signal, onProgress: stopAfterTen }), /stopped by hand/);
    const moved = await copyBlobs(files, s3.store);
    assert.deepEqual([moved.isWhole, moved.objects, moved.copied + moved.kept, moved.extra], [true, 25, 25, 0]);
    assert.ok(moved.kept >= 10, `only ${moved.kept} were kept from before the stop`);
    const back = await openFileBlobs({ folder: path.join(folder, 'two'), secret: new Uint8Array(32) });
    const returned = await copyBlobs(s3.store, back);
    assert.deepEqual([returned.isWhole, returned.bytes], [true, moved.bytes]);
    assert.equal((await copyBlobs(files, back)).kept, 25);
  });
});
