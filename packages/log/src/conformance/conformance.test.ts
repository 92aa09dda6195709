import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Log } from '../port.ts';
import { openLog } from '../sqlite/index.ts';
import { BROKEN_LOGS } from './broken-engines.ts';
import { LOG_CHECKS, logSubjectsOf } from './index.ts';

describe('the log conformance suite bites', { concurrency: true }, () => {
  let folder: string;
  let good: Log;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-log-'));
    good = await openLog({ folder });
  });
  after(async () => {
    await good.close();
    await rm(folder, { recursive: true });
  });

  for (const [index, { mistake, failsCheck, breakIt }] of BROKEN_LOGS.entries()) {
    it(`rejects an engine that ${mistake} (${failsCheck.source})`, async () => {
      const check = LOG_CHECKS.find(({ name }) => failsCheck.test(name));
      assert.ok(check !== undefined, 'there is no such check');
      const broken = breakIt(good);
      const subject = logSubjectsOf({ log: broken, reopen: async () => broken, close: async () => {} })();
      await assert.rejects(check.run({ ...subject, topic: `broken-${index}` }), 'the suite did not notice');
    });
  }
});
