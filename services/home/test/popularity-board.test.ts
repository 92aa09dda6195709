import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { openKv } from '@bioscope/kv/sqlite';
import { createTelemetry } from '@bioscope/telemetry';

import { popularityBoard } from '../src/popularity-board.ts';
import { stateFolder } from './running-home.ts';

const { log: logger } = createTelemetry({ process: 'test', processMetrics: false, sink: { write: () => undefined } });
const NOW_MS = 1_800_000_000_000;

describe('counts of what is watched', () => {
  it('count each report once, and those of all partitions and instances together', async () => {
    await using folder = await stateFolder();
    const kv = await openKv({ folder: folder.path });
    try {
      let clockMs = NOW_MS;
      const board = () => popularityBoard(kv, { nowMs: () => clockMs, logger });
      const one = board();
      const other = board();
      await other.refresh();
      for (const offset of [1, 2, 2, 1]) await one.count('film', NOW_MS, { partition: 0, offset, recordedAtMs: offset });
      await other.count('film', NOW_MS, { partition: 1, offset: 1, recordedAtMs: 1 });
      assert.equal(one.scoreOf('film', NOW_MS), 2);
      clockMs += 60_000;
      await one.refresh();
      await board().refresh();
      const fresh = board();
      await fresh.refresh();
      assert.equal(fresh.scoreOf('film', NOW_MS), 3, 'what others counted is read');
      await fresh.count('film', NOW_MS, { partition: 0, offset: 0, recordedAtMs: 9 });
      assert.equal(fresh.scoreOf('film', NOW_MS), 4, 'a log that begins anew counts on');
      assert.equal(fresh.scoreOf('other', NOW_MS), 0);
    } finally {
      await kv.close();
    }
  });
});
