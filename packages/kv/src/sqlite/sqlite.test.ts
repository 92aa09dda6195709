import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describeKvConformance } from '../conformance/index.ts';
import type { KvStore } from '../port.ts';
import { openKv } from './index.ts';

describeKvConformance('the SQLite engine', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-kv-'));
  let store: KvStore = await openKv({ folder });
  return {
    store,
    async reopen() {
      await store.close();
      store = await openKv({ folder });
      return store;
    },
    async close() {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
});
