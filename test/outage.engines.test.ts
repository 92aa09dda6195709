import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { engineForTests, engineMissing } from '@bioscope/engines/testing';
import { askDoor, callDoor } from './fixture/doors.ts';
import { missing } from './fixture/programs.ts';
import { startService, temporaryFolder } from './fixture/service.ts';
import { waitFor } from './fixture/wait.ts';

/** Longer than subscriptions hold out by themselves. */
const OUTAGE_MS = 70_000;
const LIST = 'bioscope.catalog.v1.CatalogService/ListTitles';

it(
  'the whole cluster falls silent for longer than a minute: the service lives on, and works again by itself',
  { skip: missing('ffmpeg', 'nginx') || engineMissing('cassandra'), timeout: 400_000 },
  async (test) => {
    const { folder, remove } = await temporaryFolder();
    test.after(remove);
    const engine = await engineForTests('cassandra', { alone: true });
    test.after(() => engine.release());
    const [node] = engine.nodes;
    assert.ok(node !== undefined);
    const service = await startService({
      folder: `${folder}/state`,
      environment: {
        BIOSCOPE_ENGINES: 'cassandra',
        BIOSCOPE_CASSANDRA: engine.addresses.contactPoints.join(','),
        BIOSCOPE_CASSANDRA_DC: engine.addresses.localDataCentre,
      },
    });
    test.after(() => service.kill());
    await callDoor(service, 'api', LIST, {});

    await node.pause();
    await pause(OUTAGE_MS);
    // Titles are in memory, so that people still see them; what the store must answer fails, and says so in time.
    await callDoor(service, 'api', LIST, {});
    const started = await askDoor(service, 'play', {
      path: '/bioscope.playback.v1.PlaybackService/ListBookmarks',
      method: 'POST',
      body: JSON.stringify({ viewerId: 'viewer-of-the-outage-test' }),
    });
    assert.ok(started.status >= 500, `answered ${started.status} without its store`);
    node.resume();

    await waitFor('an answer from the store', 60_000, async () => {
      const answer = await askDoor(service, 'play', {
        path: '/bioscope.playback.v1.PlaybackService/ListBookmarks',
        method: 'POST',
        body: JSON.stringify({ viewerId: 'viewer-of-the-outage-test' }),
      }).catch(() => undefined);
      return answer?.status === 200 ? true : undefined;
    });
    await service.stop();
  },
);
