import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describeLogConformance } from '../conformance/index.ts';
import type { Log } from '../port.ts';
import { openLog } from './index.ts';

describeLogConformance('the SQLite engine', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-log-'));
  let log: Log = await openLog({ folder });
  return {
    log,
    async reopen() {
      await log.close();
      log = await openLog({ folder });
      return log;
    },
    async close() {
      await log.close();
      await rm(folder, { recursive: true });
    },
  };
});
