import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startViewers } from '@bioscope/viewer';
import { figuresLines, summaryText } from './figures-text.ts';

const DOORS = { app: 'http://app.localhost:1', api: 'http://api.localhost:1', play: 'http://play.localhost:1' };

describe('the figures of viewers as text', () => {
  it('name every door, and the failures of those that failed', async () => {
    const summary = await startViewers({ count: 0, doors: DOORS, seed: 1 }).stop();
    const page = { requests: 7, failed: 1, unheard: 0, attempts: 9, attemptsFailed: { unreachable: 2, slow: 1 } };
    const figures = {
      ...summary,
      viewers: { wanted: 5, browsing: 1, starting: 1, playing: 2, stalled: 1 },
      doors: { ...summary.doors, page },
    };
    const lines = figuresLines(figures);
    assert.equal(lines[0], '5 viewers: 2 playing, 1 starting, 1 browsing, 1 stalled');
    assert.match(lines.find((line) => line.startsWith('page')) ?? '', /7\s+1\s+0\s+9\s+2 unreachable, 1 slow/);
    assert.deepEqual(
      Object.keys(summary.doors).filter((door) => !lines.some((line) => line.startsWith(door))),
      [],
    );
  });

  it('end with how long it was and how much failed', async () => {
    const summary = await startViewers({ count: 0, doors: DOORS, seed: 1 }).stop();
    const text = summaryText({
      ...summary,
      atMs: summary.startedAtMs + 61_000,
      secondsWatched: 600,
      requestsFailedPerMillion: 12.4,
      cpuMs: 2_340,
    });
    assert.ok(text.endsWith('61 s · 600 s of film watched · 12 of a million requests failed · 2.3 s of CPU here\n'), text);
  });
});
