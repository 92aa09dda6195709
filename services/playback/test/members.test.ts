import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';

import type { Passport } from '@bioscope/passport';

import type { Refusal, Session, StartSessionResponse } from '../contract/index.ts';
import { PASSPORTS, startPlayback, stateFolder, surroundings, until, type RunningPlayback, type Surroundings } from './running-playback.ts';

const FAR_MS = 4_000_000_000_000;

type Answer = { outcome: { case?: string | undefined; value?: unknown } };

function granted(response: StartSessionResponse): Session {
  assert.equal(response.outcome.case, 'granted', JSON.stringify(response.outcome.value));
  return response.outcome.value;
}

function refusedAs({ outcome }: Answer): Refusal {
  assert.equal(outcome.case, 'refused');
  return outcome.value as Refusal;
}

describe('a play session of a member', () => {
  let folder: Awaited<ReturnType<typeof stateFolder>>;
  let running: RunningPlayback;
  let around: Surroundings;
  /** A new account for each test, with two streams up to 720p. */
  let accountId: string;
  before(async () => {
    folder = await stateFolder();
    around = surroundings();
    running = await startPlayback(folder.path, around, { BIOSCOPE_MEMBERS: 'required' });
  });
  beforeEach(() => {
    around.down.clear();
    accountId = randomUUID();
    allow({});
  });
  after(async () => {
    await running[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  const allow = (bounds: { heightMax?: number; streamsMax?: number; untilMs?: number }) =>
    around.decisions.set(accountId, { outcome: { case: 'granted', value: { heightMax: 720, streamsMax: 2, untilMs: FAR_MS, ...bounds } } });
  const refuse = (because: string, lifts: string[] = []) =>
    around.decisions.set(accountId, { outcome: { case: 'refused', value: { because, lifts } } });
  const as = (passport: Partial<Passport>) => ({
    within: PASSPORTS.within({ accountId, profileId: 'profile-of-the-member', ...passport }),
  });
  const start = (deviceId: string) => running.client.startSession({ titleId: 'film1' }, as({ deviceId }));
  const beat = (sessionId: string, deviceId: string) =>
    running.client.heartbeat({ sessionId, positionMs: 5_000, playing: true }, as({ deviceId }));

  it('needs a passport, and what access says is said to the member', async () => {
    await assert.rejects(running.client.startSession({ titleId: 'film1' }), { code: 'unauthenticated' });
    around.decisions.delete(accountId);
    assert.equal(refusedAs(await start('tv')).because, 'sign_in_needed');
    refuse('lapsed', ['rejoin']);
    const { because, lifts } = refusedAs(await start('tv'));
    assert.deepEqual([because, lifts], ['lapsed', ['rejoin']]);
    around.decisions.set(accountId, {
      outcome: { case: 'refused', value: { because: 'device_limit', lifts: ['remove_a_device'], limit: 5 } },
    });
    assert.partialDeepStrictEqual(refusedAs(await start('tv')), { because: 'device_limit', lifts: ['remove_a_device'], limit: 5 });
    refuse('a code of a newer release');
    assert.equal(refusedAs(await start('tv')).because, 'not_permitted');
  });

  it('keeps the place of its profile, whichever device it is', async () => {
    const { sessionId } = granted(await start('tv'));
    await beat(sessionId, 'tv');
    assert.equal(granted(await start('phone')).resumePositionMs, 5_000);
    const { bookmarks } = await running.client.listBookmarks({}, as({}));
    assert.deepEqual(
      bookmarks.map(({ titleId, positionMs }) => [titleId, positionMs]),
      [['film1', 5_000]],
    );
    assert.deepEqual((await running.client.listBookmarks({}, as({ profileId: 'another-profile-of-it' }))).bookmarks, []);
  });

  it('is refused beyond the plan’s streams, told who watches, and begins when another stops', async () => {
    const tv = granted(await start('tv'));
    granted(await start('phone'));
    const third = refusedAs(await start('tablet'));
    assert.deepEqual([third.because, third.limit], ['stream_limit', 2]);
    assert.deepEqual(
      third.streams.map(({ deviceId }) => deviceId),
      ['tv', 'phone'],
    );
    await running.client.endSession({ sessionId: tv.sessionId, positionMs: 0 });
    granted(await start('tablet'));
    assert.equal(refusedAs(await start('tv')).because, 'stream_limit');
  });

  it('can be stopped from another device of the account, and by nobody else', async () => {
    const tv = granted(await start('tv'));
    const stranger = { within: PASSPORTS.within({ accountId: 'a stranger' }) };
    await running.client.stopStream({ sessionId: tv.sessionId }, stranger);
    assert.equal((await beat(tv.sessionId, 'tv')).outcome.case, 'token');
    assert.deepEqual((await running.client.listStreams({}, stranger)).streams, []);
    const { streams } = await running.client.listStreams({}, as({ deviceId: 'phone' }));
    assert.deepEqual(
      streams.map(({ sessionId }) => sessionId),
      [tv.sessionId],
    );
    await running.client.stopStream({ sessionId: tv.sessionId }, as({ deviceId: 'phone' }));
    assert.equal(refusedAs(await beat(tv.sessionId, 'tv')).because, 'stopped');
    assert.deepEqual((await running.client.listStreams({}, as({}))).streams, []);
    await assert.rejects(running.client.listStreams({}, { within: PASSPORTS.within({}) }), { code: 'unauthenticated' });
  });

  it('is in the graph: its bookmark, and what the account watches', async () => {
    const tv = granted(await start('tv'));
    await beat(tv.sessionId, 'tv');
    const member = { accountId, profileId: 'profile-of-the-member' };
    const ids = ['film1', 'unknown', ...Array.from({ length: 10 }, (_, each) => `other-${each}`)];
    const bookmarks = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Title { bookmark { positionMs } } } }';
    const representations = (count: number) => ({ r: ids.slice(0, count).map((id) => ({ __typename: 'Title', id })) });
    const place = { bookmark: { positionMs: 5_000 } };
    for (const count of [2, 12]) {
      const others = Array.from({ length: count - 1 }, () => ({ bookmark: null }));
      assert.deepEqual(await running.ask(bookmarks, member, representations(count)), { data: { _entities: [place, ...others] } });
      const { data } = (await running.ask(bookmarks, {}, representations(count))) as { data: { _entities: unknown[] } };
      assert.deepEqual(
        data._entities,
        Array.from({ length: count }, () => ({ bookmark: null })),
      );
    }
    const streams = '{ streams { sessionId deviceId title { id } profile { id } } }';
    const watching = { sessionId: tv.sessionId, deviceId: 'tv', title: { id: 'film1' }, profile: { id: 'profile-of-the-member' } };
    assert.deepEqual(await running.ask(streams, member), { data: { streams: [watching] } });
    await running.ask('mutation ($id: ID!) { stopStream(sessionId: $id) }', member, { id: tv.sessionId });
    assert.deepEqual(await running.ask(streams, member), { data: { streams: [] } });
  });

  it('gives way to the same device’s next session when all streams are in use', async () => {
    allow({ streamsMax: 1 });
    const before = granted(await start('tv'));
    granted(await start('tv'));
    assert.equal(refusedAs(await beat(before.sessionId, 'tv')).because, 'stream_limit');
  });

  it('that ends while a heartbeat is under way stays ended, and its stream free', async () => {
    allow({ streamsMax: 1 });
    for (const end of ['endSession', 'stopStream'] as const) {
      const { sessionId } = granted(await start('tv'));
      around.meanwhile = async () => {
        await running.client[end]({ sessionId, positionMs: 6_000 }, as({ deviceId: 'phone' }));
        // So that the heartbeat has something to write.
        allow({ streamsMax: 1, heightMax: 90 });
      };
      const because = end === 'endSession' ? 'session_ended' : 'stopped';
      assert.equal(refusedAs(await beat(sessionId, 'tv')).because, because);
      assert.equal(refusedAs(await beat(sessionId, 'tv')).because, because);
      assert.deepEqual((await running.client.listStreams({}, as({}))).streams, []);
    }
    // The end comes when the slot has been kept already and only the record is to be written.
    const { sessionId } = granted(await start('tv'));
    allow({ streamsMax: 1, heightMax: 180 });
    const [beaten] = await Promise.all([beat(sessionId, 'tv'), running.client.endSession({ sessionId, positionMs: 6_000 })]);
    assert.ok(beaten.outcome.case !== undefined);
    assert.equal(refusedAs(await beat(sessionId, 'tv')).because, 'session_ended');
  });

  it('ends with the right to watch: no token, no manifest, and its stream is free', async () => {
    const tv = granted(await start('tv'));
    refuse('lapsed', ['rejoin']);
    assert.equal(refusedAs(await beat(tv.sessionId, 'tv')).because, 'lapsed');
    assert.deepEqual((await running.client.listStreams({}, as({}))).streams, []);
    // Its last decision has run out: nothing is written for it any more.
    allow({ untilMs: Date.now() - 3_600_000 });
    const old = granted(await start('tv'));
    assert.equal((await running.get(old.dashPath)).status, 403);
  });

  it('is another account’s never', async () => {
    const tv = granted(await start('tv'));
    const thief = randomUUID();
    around.decisions.set(thief, { outcome: { case: 'granted', value: { heightMax: 2160, streamsMax: 4, untilMs: FAR_MS } } });
    const stolen = await running.client.heartbeat({ sessionId: tv.sessionId, positionMs: 0, playing: true }, as({ accountId: thief }));
    assert.equal(refusedAs(stolen).because, 'session_ended');
  });

  it('goes on for minutes without access, and does not begin without it', async () => {
    const tv = granted(await start('tv'));
    around.down.add('access');
    assert.equal((await beat(tv.sessionId, 'tv')).outcome.case, 'token');
    await assert.rejects(start('phone'), { code: 'unavailable' });
    assert.equal((await running.client.listStreams({}, as({}))).streams.length, 1);
    around.down.clear();
    await until('access is asked again', async () => (await start('phone').catch(() => null))?.outcome.case === 'granted');
  });

  it('that cannot begin after all gives its stream back', async () => {
    allow({ streamsMax: 1 });
    around.pathways = [];
    assert.equal(refusedAs(await start('tv')).because, 'no_appliance');
    around.edition = { ...around.edition, id: 'another' };
    around.pathways = surroundings().pathways;
    assert.equal((await running.client.listStreams({}, as({}))).streams.length, 0);
    Object.assign(around, surroundings(), { down: around.down, decisions: around.decisions });
  });

  it('is delivered up to the plan’s resolution', async () => {
    allow({ heightMax: 90 });
    const small = granted(await start('tv'));
    const heights = async ({ dashPath }: Session) =>
      [...(await running.get(dashPath)).text.matchAll(/ height="(\d+)"/g)].map(([, height]) => Number(height));
    assert.equal(small.heightMax, 90);
    assert.deepEqual(await heights(small), [90]);
    allow({ heightMax: 1080 });
    assert.deepEqual(await heights(granted(await start('phone'))), [90, 180]);
    // A smaller plan counts from the next heartbeat on, for a manifest that is loaded again.
    allow({ heightMax: 90 });
    const { sessionId, dashPath } = granted(await start('phone'));
    await beat(sessionId, 'phone');
    assert.deepEqual(await heights({ dashPath } as Session), [90]);
  });

  it('begins for exactly as many of two hundred devices that try at once as the plan has streams', async () => {
    allow({ streamsMax: 4 });
    const answers = await Promise.all(Array.from({ length: 200 }, (_, each) => start(`device-${each}`)));
    const cases = answers.map((answer) => (answer.outcome.case === 'granted' ? 'granted' : refusedAs(answer).because));
    assert.equal(cases.filter((each) => each === 'granted').length, 4);
    assert.equal(cases.filter((each) => each === 'stream_limit').length, 196);
  });
});
