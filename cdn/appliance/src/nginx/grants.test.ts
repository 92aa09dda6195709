import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { clearGrants, sweepGrants } from './grants.ts';

describe('grants', () => {
  it('go when their token expires, when their key is withdrawn, and at a start', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'bioscope-grants-'));
    const folder = join(parent, 'grants');
    try {
      await clearGrants(folder);
      for (const name of ['k1.2000.s.mac~e', 'k1.2001.s.mac~e', 'k2.3000.s.mac~e', 'k10.3000.s.mac~e', 'k1.nonsense.s.mac~e']) {
        await symlink(parent, join(folder, name));
      }
      await sweepGrants(folder, new Set(['k1', 'k2']), 2_000_000);
      assert.deepEqual((await readdir(folder)).sort(), ['k1.2001.s.mac~e', 'k2.3000.s.mac~e']);
      await sweepGrants(folder, new Set(['k1']), 2_000_000);
      assert.deepEqual(await readdir(folder), ['k1.2001.s.mac~e']);
      await clearGrants(folder);
      assert.deepEqual(await readdir(folder), []);
      assert((await readdir(parent)).includes('grants'));
    } finally {
      await rm(parent, { recursive: true, force: true });
    }
  });
});
