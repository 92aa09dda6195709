import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { TitleState } from '@bioscope/catalog/contract';
import { verifySegmentToken } from '@bioscope/control/contract';
import { RpcError } from '@bioscope/rpc';

import type { Session, StartSessionResponse } from '../contract/index.ts';
import { startPlayback, stateFolder, surroundings, TOKEN_KEY, until, type RunningPlayback, type Surroundings } from './running-playback.ts';

const VIEWER = 'viewer-0123456789';
let viewers = 0;
/** A viewer of whom nothing is known yet. */
const newViewer = (): string => `${VIEWER}-${(viewers += 1)}`;

function granted(response: StartSessionResponse): Session {
  assert.equal(response.outcome.case, 'granted', JSON.stringify(response.outcome.value));
  return response.outcome.value;
}

function because(response: { outcome: { case?: string | undefined; value?: unknown } }): string {
  assert.equal(response.outcome.case, 'refused');
  return (response.outcome.value as { because: string }).because;
}

describe('a play session', () => {
  let folder: Awaited<ReturnType<typeof stateFolder>>;
  let running: RunningPlayback;
  let around: Surroundings;
  before(async () => {
    folder = await stateFolder();
    around = surroundings();
    running = await startPlayback(folder.path, around);
  });
  beforeEach(() => {
    Object.assign(around, surroundings(), { down: around.down });
    around.down.clear();
  });
  after(async () => {
    await running[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });
  const start = (viewerId = newViewer()): Promise<StartSessionResponse> => running.client.startSession({ titleId: 'film1', viewerId });

  it('brings paths, a token for the edition, and the beginning', async () => {
    const session = granted(await start());
    assert.partialDeepStrictEqual(session, {
      titleId: 'film1',
      titleName: 'My film',
      editionId: 'ed1',
      durationMs: 10_427,
      dashPath: `/sessions/${session.sessionId}/manifest.mpd`,
      hlsPath: `/sessions/${session.sessionId}/master.m3u8`,
      heartbeatEveryMs: 30_000,
      resumePositionMs: 0,
    });
    const verdict = verifySegmentToken([TOKEN_KEY], session.token?.token ?? '', 'ed1', Date.now());
    assert.deepEqual(verdict, { kind: 'valid', sessionId: session.sessionId, expiresAtMs: session.token?.expiresAtMs });
    assert.ok((session.token?.expiresAtMs ?? 0) <= Date.now() + 600_000);
  });

  it('goes on where the viewer stopped, each viewer for himself', async () => {
    const viewerId = newViewer();
    const first = granted(await start(viewerId));
    await running.client.heartbeat({ sessionId: first.sessionId, positionMs: 7000, playing: true });
    await running.client.heartbeat({ sessionId: first.sessionId, positionMs: 6000, playing: true });
    const again = granted(await start(viewerId));
    assert.equal(again.resumePositionMs, 6000);
    await running.client.heartbeat({ sessionId: again.sessionId, positionMs: 0, playing: false });
    assert.equal(granted(await start(viewerId)).resumePositionMs, 6000, 'opening a player is no progress');
    assert.equal(granted(await start()).resumePositionMs, 0);
  });

  it('ends once, with a last bookmark, and gets no token after it', async () => {
    const viewerId = newViewer();
    const { sessionId } = granted(await start(viewerId));
    await running.client.endSession({ sessionId, positionMs: 8000 });
    await running.client.endSession({ sessionId, positionMs: 9000 });
    assert.equal(because(await running.client.heartbeat({ sessionId, positionMs: 9500, playing: true })), 'session_ended');
    const { bookmarks } = await running.client.listBookmarks({ viewerId });
    assert.deepEqual(
      bookmarks.map(({ titleId, positionMs, durationMs }) => ({ titleId, positionMs, durationMs })),
      [{ titleId: 'film1', positionMs: 8000, durationMs: 10_427 }],
    );
    assert.equal((await running.get(`/sessions/${sessionId}/manifest.mpd`)).status, 410);
  });

  it('is refused with the reason, not failed', async () => {
    around.pathways = [];
    assert.equal(because(await start()), 'no_appliance');
    around.pathways = [{ id: 'oca-1', baseUrl: 'http://127.0.0.2:8081', usable: false }];
    assert.equal(because(await start()), 'no_appliance');
    assert.equal(because(await running.client.startSession({ titleId: 'nobody', viewerId: VIEWER })), 'unknown_title');
  });

  it('refuses nonsense with the name of the field', async () => {
    const invalid = (field: RegExp) => (fault: unknown) =>
      fault instanceof RpcError && fault.code === 'invalid_argument' && field.test(fault.message);
    await assert.rejects(running.client.startSession({ titleId: 'film1', viewerId: 'short' }), invalid(/viewer_id/));
    await assert.rejects(running.client.startSession({ titleId: '../film', viewerId: VIEWER }), invalid(/title_id/));
    const { sessionId } = granted(await start());
    for (const positionMs of [-1, Number.NaN, Number.POSITIVE_INFINITY])
      await assert.rejects(running.client.heartbeat({ sessionId, positionMs, playing: true }), invalid(/position_ms/));
    assert.equal(because(await running.client.heartbeat({ sessionId: 'unheard-of', positionMs: 1, playing: true })), 'session_ended');
    await assert.rejects(
      running.as('steering').listBookmarks({ viewerId: VIEWER }),
      (fault: unknown) => fault instanceof RpcError && fault.code === 'permission_denied',
    );
  });

  it('has manifests in both forms with its token, under the name that the client used', async () => {
    const session = granted(await start());
    const headers = { 'x-forwarded-host': 'play.films.example:8443', 'x-forwarded-proto': 'https' };
    const dash = await running.get(session.dashPath, headers);
    assert.deepEqual({ status: dash.status, type: dash.type }, { status: 200, type: 'application/dash+xml' });
    assert.ok(dash.text.includes(`http://127.0.0.3:8081/t/${session.token?.token}/ed1/`));
    assert.ok(dash.text.includes(`https://play.films.example:8443/steering/v1/${session.sessionId}/ed1`));
    const hls = await running.get(session.hlsPath);
    assert.equal(hls.type, 'application/vnd.apple.mpegurl');
    assert.ok(hls.text.includes(`SERVER-URI="http://play.localhost:8080/steering/v1/${session.sessionId}/ed1"`));
    const paths = hls.text.match(/^oca-.*\.m3u8$/gm) ?? [];
    assert.equal(paths.length, 4);
    for (const path of paths) {
      const playlist = await running.get(`/sessions/${session.sessionId}/${path}`);
      assert.equal(playlist.status, 200);
      assert.ok(playlist.text.includes(`/t/${session.token?.token}/ed1/`) && playlist.text.endsWith('#EXT-X-ENDLIST\n'));
    }
    assert.equal((await running.get(session.dashPath)).text, (await running.get(session.dashPath)).text);
    const indexes = (await running.get(session.dashPath)).text.match(/\/sessions\/[^"]+\.sidx/g) ?? [];
    assert.equal(indexes.length, 3);
    for (const path of indexes) assert.equal((await running.get(path)).text.slice(4, 8), 'sidx');
  });

  it('has no other manifests', async () => {
    const { sessionId } = granted(await start());
    const paths = [
      '',
      '/',
      '/manifest.mpd/x',
      '/oca-9/180p.m3u8',
      '/oca-1/2160p.m3u8',
      '/2160p.sidx',
      '/oca-1/..%2f180p.m3u8',
      '/../film/manifest.mpd',
    ];
    for (const path of paths) assert.equal((await running.get(`/sessions/${sessionId}${path}`)).status, 404, path);
    const unknown = await running.get('/sessions/unheard-of/manifest.mpd');
    assert.deepEqual(
      { status: unknown.status, text: unknown.text },
      { status: 404, text: 'There is no such session. Start the film again.\n' },
    );
  });

  it('shows every sheet of the storyboard on each pathway', async () => {
    const { edition } = around;
    const storyboard = {
      files: ['s-1.jpg', 's-2.jpg'],
      columns: 5,
      rows: 5,
      thumbnailWidth: 160,
      thumbnailHeight: 90,
      everyMs: 2000,
      thumbnails: 30,
    };
    around.edition = { ...edition, id: 'ed-board', storyboard: { $typeName: 'bioscope.catalog.v1.Storyboard', ...storyboard } };
    assert.ok(around.title !== null);
    around.title = { ...around.title, editionId: 'ed-board', id: 'film-board' };
    const session = granted(await running.client.startSession({ titleId: 'film-board', viewerId: newViewer() }));
    assert.deepEqual(
      session.storyboard?.urls.map((url) => url.replace(/\/t\/[^/]+\//, '/t/TOKEN/')),
      [2, 3].flatMap((host) => [1, 2].map((sheet) => `http://127.0.0.${host}:8081/t/TOKEN/ed-board/s-${sheet}.jpg`)),
    );
  });

  it('stops when its title may no longer be shown', async () => {
    assert.ok(around.title !== null);
    around.title = { ...around.title, id: 'film-window', availableUntilMs: Date.now() + 60_000 };
    const { sessionId } = granted(await running.client.startSession({ titleId: 'film-window', viewerId: newViewer() }));
    around.title = { ...around.title, availableUntilMs: 1 };
    await until(
      'the change is seen',
      async () => (await running.client.heartbeat({ sessionId, positionMs: 1, playing: true })).outcome.case === 'refused',
    );
    assert.equal(because(await running.client.heartbeat({ sessionId, positionMs: 1, playing: true })), 'not_available');
    assert.equal((await running.get(`/sessions/${sessionId}/manifest.mpd`)).status, 410);
  });

  it('waits for a title that is not ready', async () => {
    assert.ok(around.title !== null);
    around.title = { ...around.title, id: 'film-new', editionId: '', state: TitleState.PREPARING };
    assert.equal(because(await running.client.startSession({ titleId: 'film-new', viewerId: newViewer() })), 'not_ready');
  });

  it('begins and goes on while its neighbours are down, with what they said last', async () => {
    const { sessionId } = granted(await start());
    for (const unit of ['catalog', 'control', 'steering'] as const) around.down.add(unit);
    const beat = await running.client.heartbeat({ sessionId, positionMs: 1000, playing: true });
    assert.equal(beat.outcome.case, 'token');
    const other = granted(await start());
    const manifest = await running.get(other.dashPath);
    assert.equal(manifest.status, 200);
    assert.ok(manifest.text.includes('serviceLocation="oca-1"') && manifest.text.includes('serviceLocation="oca-2"'));
  });
});

describe('removing a title', () => {
  it('ends its sessions and deletes every bookmark in it', async () => {
    await using folder = await stateFolder();
    const around = surroundings();
    await using running = await startPlayback(folder.path, around);
    const watch = async (viewerId: string): Promise<string> => {
      const { sessionId } = granted(await running.client.startSession({ titleId: 'film1', viewerId }));
      await running.client.heartbeat({ sessionId, positionMs: 7000, playing: true });
      return sessionId;
    };
    const [one, other] = [newViewer(), newViewer()];
    const sessionId = await watch(one);
    await watch(other);
    await running.announceRemoval('film1');
    await until('the bookmarks are gone', async () => (await running.client.listBookmarks({ viewerId: other })).bookmarks.length === 0);
    assert.deepEqual((await running.client.listBookmarks({ viewerId: one })).bookmarks, []);
    assert.equal(because(await running.client.heartbeat({ sessionId, positionMs: 8000, playing: true })), 'unknown_title');
    await running.client.endSession({ sessionId, positionMs: 8000 });
    assert.deepEqual((await running.client.listBookmarks({ viewerId: one })).bookmarks, [], 'a late report brings none back');
    assert.equal(because(await running.client.startSession({ titleId: 'film1', viewerId: one })), 'unknown_title');
  });
});

describe('a restart', () => {
  it('keeps sessions and bookmarks', async () => {
    await using folder = await stateFolder();
    const around = surroundings();
    const viewerId = newViewer();
    let session: Session;
    {
      await using running = await startPlayback(folder.path, around);
      session = granted(await running.client.startSession({ titleId: 'film1', viewerId }));
      await running.client.heartbeat({ sessionId: session.sessionId, positionMs: 7000, playing: true });
    }
    await using running = await startPlayback(folder.path, around);
    const beat = await running.client.heartbeat({ sessionId: session.sessionId, positionMs: 7500, playing: true });
    assert.equal(beat.outcome.case, 'token');
    assert.equal((await running.get(session.dashPath)).status, 200);
    assert.equal((await running.client.listBookmarks({ viewerId })).bookmarks[0]?.positionMs, 7500);
  });

  it('into the absence of everybody else says so, and is over as soon as they are back', async () => {
    await using folder = await stateFolder();
    const around = surroundings();
    const viewerId = newViewer();
    let session: Session;
    {
      await using running = await startPlayback(folder.path, around);
      session = granted(await running.client.startSession({ titleId: 'film1', viewerId }));
    }
    for (const unit of ['catalog', 'control', 'steering'] as const) around.down.add(unit);
    await using running = await startPlayback(folder.path, around);
    const manifest = await running.get(session.dashPath);
    assert.deepEqual(
      { status: manifest.status, text: manifest.text },
      { status: 503, text: 'The service cannot answer at the moment. Try again.\n' },
    );
    await assert.rejects(
      running.client.startSession({ titleId: 'film1', viewerId }),
      (fault: unknown) => fault instanceof RpcError && fault.code === 'unavailable',
    );
    around.down.clear();
    await until('manifests are back', async () => (await running.get(session.dashPath)).status === 200);
  });
});

describe('a short token life', () => {
  it('is announced with heartbeats that come in time', async () => {
    await using folder = await stateFolder();
    await using running = await startPlayback(folder.path, surroundings(), { BIOSCOPE_SEGMENT_TOKEN_SECONDS: '8' });
    const session = granted(await running.client.startSession({ titleId: 'film1', viewerId: newViewer() }));
    assert.equal(session.heartbeatEveryMs, 2000);
    assert.ok((session.token?.expiresAtMs ?? 0) <= Date.now() + 8000);
  });
});
