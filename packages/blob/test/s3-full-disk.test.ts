import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { engineForTests, engineMissing } from '@bioscope/engines/testing';
import { openS3 } from './s3-store.ts';
import { cannotMount, onSmallDisk } from './small-disk.ts';

describe('blobs on S3 and a full local disk', () => {
  it(
    'makes room for a local copy of what is elsewhere by giving up unused ones',
    { skip: cannotMount() || engineMissing('s3') },
    async (t) => {
      const engine = await engineForTests('s3');
      t.after(() => engine.release());
      await using s3 = await openS3(engine.addresses);
      assert.equal(await onSmallDisk(t, 's3-full-disk-child.ts', JSON.stringify(s3.options)), 'refused and recovered\n');
    },
  );
});
