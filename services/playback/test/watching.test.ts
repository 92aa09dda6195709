import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { parseWatching, WATCHING_TOPIC, type Watching } from '../contract/index.ts';
import { startPlayback, stateFolder, surroundings, until } from './running-playback.ts';

const VIEWER = 'viewer-0123456789';

describe('what others hear of watching', () => {
  it('is every bookmark that was stored, by heartbeats and at the end', async () => {
    await using folder = await stateFolder();
    const around = surroundings();
    await using running = await startPlayback(folder.path, around);
    const told: (Watching & { key: string })[] = [];
    const subscription = running.log.subscribe({ topic: WATCHING_TOPIC, group: 'test' }, (records) => {
      for (const { key, value } of records) told.push({ key, ...parseWatching(value) });
      return Promise.resolve();
    });
    const started = await running.client.startSession({ titleId: around.edition.titleId, viewerId: VIEWER });
    assert.equal(started.outcome.case, 'granted');
    const { sessionId } = started.outcome.value;
    await running.client.heartbeat({ sessionId, positionMs: 0, playing: false });
    await running.client.heartbeat({ sessionId, positionMs: 1_000, playing: true });
    await running.client.endSession({ sessionId, positionMs: around.edition.durationMs });
    await until('both are announced', () => told.length === 2);
    await subscription.close();
    assert.deepEqual(
      told.map(({ key, titleId, positionMs, stage }) => ({ key, titleId, positionMs, stage })),
      [
        { key: VIEWER, titleId: around.edition.titleId, positionMs: 1_000, stage: 'opened' },
        { key: VIEWER, titleId: around.edition.titleId, positionMs: Math.round(around.edition.durationMs), stage: 'finished' },
      ],
    );
  });
});
