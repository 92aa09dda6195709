import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cannotMount, onSmallDisk } from './small-disk.ts';

describe('blobs on a full disk', () => {
  it('refuses with BLOB_NO_SPACE, leaves nothing behind, and goes on when there is space', { skip: cannotMount() }, async (t) => {
    assert.equal(await onSmallDisk(t, 'full-disk-child.ts'), 'refused and recovered\n');
  });
});
