import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { askAppliance, askDoor } from './fixture/doors.ts';
import { MemberDevice } from './fixture/member.ts';
import { askOperator } from './fixture/operator.ts';
import { missing } from './fixture/programs.ts';
import { addFilm, startService, temporaryFolder, type Service } from './fixture/service.ts';
import { makeSmallFilm } from './fixture/small-film.ts';
import { waitFor } from './fixture/wait.ts';

const FILM_SECONDS = 12;
const DAY_MS = 86_400_000;
/** Ten minutes in earnest; here somebody waits for the end of one. */
const TOKEN_SECONDS = 20;

type Refused = { because: string; lifts?: string[]; limit?: number; streams?: { sessionId: string }[] };
type Started = {
  granted?: {
    sessionId: string;
    dashPath: string;
    editionId: string;
    heightMax?: number;
    token: { token: string };
    storyboard?: { urls?: string[] };
  };
  refused?: Refused;
};

describe('a member', { skip: missing('ffmpeg', 'nginx'), timeout: 600_000 }, () => {
  let service: Service;
  let film: { id: string };
  let tv: MemberDevice;
  const email = `ada-${randomUUID()}@example.org`;
  const ends: (() => Promise<unknown>)[] = [];

  before(async () => {
    const { folder, remove } = await temporaryFolder();
    ends.push(remove);
    service = await startService({
      folder: `${folder}/state`,
      environment: {
        BIOSCOPE_MEMBERS: 'required',
        BIOSCOPE_TEST_CLOCKS: '1',
        BIOSCOPE_GRAPH_OPEN: '1',
        BIOSCOPE_COUNTRY: 'DE',
        BIOSCOPE_SEGMENT_TOKEN_SECONDS: String(TOKEN_SECONDS),
      },
    });
    ends.push(() => service.stop());
    tv = new MemberDevice(service, 'the television');
    film = { id: (await addFilm(service, await makeSmallFilm(folder, FILM_SECONDS), 'A Film for Grown-ups')).titleId };
  });
  after(async () => {
    for (const end of ends.toReversed()) await end();
  });

  const start = (device: MemberDevice): Promise<Started> =>
    device.call<Started>('play', 'bioscope.playback.v1.PlaybackService/StartSession', { titleId: film.id });
  const stop = (device: MemberDevice, sessionId: string) =>
    device.call('play', 'bioscope.playback.v1.PlaybackService/EndSession', { sessionId, positionMs: 5_000 });
  async function granted(device: MemberDevice): Promise<NonNullable<Started['granted']>> {
    const started = await start(device);
    assert.ok(started.granted !== undefined, JSON.stringify(started.refused));
    return started.granted;
  }
  async function refused(device: MemberDevice): Promise<Refused> {
    const started = await start(device);
    assert.ok(started.refused !== undefined, 'it was granted');
    return started.refused;
  }
  /** What a manifest names: where the edition lies, and all its files. */
  async function filesOf(dashPath: string): Promise<{ bases: string[]; files: string[] }> {
    const manifest = await askDoor(service, 'play', { path: dashPath });
    assert.equal(manifest.status, 200, manifest.body.toString());
    const named = [...manifest.body.toString().matchAll(/<BaseURL[^>]*>([^<]+)<\/BaseURL>/g)].map(([, url = '']) => url);
    return { bases: named.filter((url) => url.endsWith('/')), files: named.filter((url) => !url.includes('/')) };
  }
  /** Another device of the account, with the profile of the owner. */
  async function another(name: string, of: string = email): Promise<MemberDevice> {
    const device = new MemberDevice(service, name);
    assert.equal((await device.signIn(of)).status, 200);
    await chooseOwner(device);
    return device;
  }
  async function chooseOwner(device: MemberDevice): Promise<void> {
    const { account } = await device.ask<{ account: { profiles: { id: string; isOwner: boolean }[] } }>(
      '{ account { profiles { id isOwner } } }',
    );
    const owner = account.profiles.find(({ isOwner }) => isOwner);
    assert.equal((await device.session('profile/choose', { profileId: owner?.id })).status, 200);
  }
  async function advance(days: number): Promise<void> {
    const account = await tv.ask<{ account: { id: string } }>('{ account { id } }');
    const command = { accountId: account.account.id, byMs: days * DAY_MS, commandId: randomUUID() };
    await askOperator(service, 'bioscope.membership.v1.MembershipService/AdvanceClock', command);
  }

  it('is nobody’s guest: without an account nothing plays, and without a plan neither', async () => {
    const visitor = new MemberDevice(service, 'a stranger');
    assert.partialDeepStrictEqual(await refused(visitor), { because: 'sign_in_needed', lifts: ['sign_in'] });
    await tv.signUp(email);
    await chooseOwner(tv);
    assert.partialDeepStrictEqual(await refused(tv), { because: 'never_member', lifts: ['choose_plan'] });
  });

  it('pays the price of the country and watches', async () => {
    type Offers = {
      offers: { country: string; offers: { plan: { id: string; streamsMax: number }; price: { currency: string; amountMinor: number } }[] };
    };
    const { offers } = await tv.ask<Offers>('{ offers { country offers { plan { id streamsMax } price { currency amountMinor } } } }');
    const premium = offers.offers.find(({ plan }) => plan.id === 'premium');
    assert.deepEqual([offers.country, premium?.price.currency, premium?.plan.streamsMax], ['DE', 'EUR', 4]);
    await tv.becomeMember('premium');
    type Paid = { invoices: { total: { amountMinor: number; currency: string } }[]; membership: { state: string } };
    const paid = await tv.ask<Paid>('{ invoices { total { amountMinor currency } } membership { state } }');
    assert.deepEqual(paid, {
      invoices: [{ total: { amountMinor: premium?.price.amountMinor, currency: 'EUR' } }],
      membership: { state: 'ACTIVE' },
    });
    const { dashPath, token, editionId, sessionId } = await waitFor('access to know it', 10_000, async () => (await start(tv)).granted);
    const { bases, files } = await filesOf(dashPath);
    assert.ok(bases.length > 0 && bases.every((base) => base.endsWith(`/t/${token.token}/${editionId}/`)), bases.join(' '));
    for (const file of files) assert.equal((await askAppliance(`${bases[0]}${file}`, 'bytes=0-99')).status, 206, file);
    await stop(tv, sessionId);
  });

  it('is refused a fifth stream on a plan of four, and gets it when another stops', async () => {
    const devices = await Promise.all(['one', 'two', 'three', 'four'].map((name) => another(name)));
    const sessions = await Promise.all(devices.map(granted));
    const fifth = await refused(tv);
    assert.equal(fifth.because, 'stream_limit');
    assert.deepEqual(fifth.streams?.map(({ sessionId }) => sessionId).sort(), sessions.map(({ sessionId }) => sessionId).sort());
    const [first, firstSession] = [devices[0], sessions[0]];
    assert.ok(first !== undefined && firstSession !== undefined);
    await stop(first, firstSession.sessionId);
    const { sessionId } = await granted(tv);
    await stop(tv, sessionId);
    for (const [place, device] of devices.entries()) await stop(device, sessions[place]?.sessionId ?? '');
  });

  it('is refused on a sixth device of a plan of five, signs another out there, and watches', async () => {
    const address = `bob-${randomUUID()}@example.org`;
    const first = new MemberDevice(service, 'device 1');
    await first.signUp(address);
    await chooseOwner(first);
    await first.becomeMember('standard');
    const devices = [first];
    // One after the other: who signed in first has the first place.
    for (const place of [2, 3, 4, 5, 6]) devices.push(await another(`device ${place}`, address));
    const [sixth, second] = [devices[5], devices[1]];
    assert.ok(sixth !== undefined && second !== undefined);
    const { sessionId } = await waitFor('access to know it', 10_000, async () => (await start(first)).granted);
    await stop(first, sessionId);
    for (const device of devices.slice(1, 5)) await stop(device, (await granted(device)).sessionId);
    const refusal = await refused(sixth);
    assert.partialDeepStrictEqual(refusal, { because: 'device_limit', limit: 5, lifts: ['remove_a_device', 'choose_higher_plan'] });
    type House = { devices: { id: string; name: string; rank: number }[]; home: { rows: unknown[] } };
    const house = await sixth.ask<House>('{ devices { id name rank } home { rows { id } } }');
    assert.ok(house.home.rows.length > 0, 'there is nothing to look at');
    const given = house.devices.find(({ rank }) => rank === 2);
    assert.equal(given?.name, 'device 2');
    const signOut = 'mutation ($id: ID!) { signOutDevice(deviceId: $id) { refused { because } } }';
    assert.deepEqual(await sixth.ask(signOut, { id: given.id }), { signOutDevice: { refused: null } });
    const again = await waitFor('the place to be free', 10_000, async () => (await start(sixth)).granted);
    await stop(sixth, again.sessionId);
    assert.equal((await second.session('refresh')).status, 401);
    // Who comes back comes last.
    assert.equal((await second.signIn(address)).status, 200);
    await chooseOwner(second);
    assert.equal((await refused(second)).because, 'device_limit');
  });

  it('gives its films away to nobody: every file needs a token of this edition that is still good', async () => {
    const { dashPath, token, editionId, sessionId, storyboard } = await granted(tv);
    const { bases, files } = await filesOf(dashPath);
    const [base = ''] = bases;
    const sheets = (storyboard?.urls ?? []).slice(0, 1).map((url) => url.slice(url.lastIndexOf('/') + 1));
    const everything = [...files, ...sheets];
    assert.ok(files.some((file) => file.endsWith('.mp4')) && sheets.length === 1, everything.join(' '));
    const statusOf = async (used: string, edition: string, file: string) =>
      (await askAppliance(`${base.slice(0, base.indexOf('/t/'))}/t/${used}/${edition}/${file}`, 'bytes=0-9')).status;
    const [key = '', expiry = '', session = '', mac = ''] = token.token.split('.');
    const forged = [
      `${key}.${Number(expiry) + 600}.${session}.${mac}`,
      `${key}.${expiry}.another.${mac}`,
      `k9.${expiry}.${session}.${mac}`,
      'none',
    ];
    for (const file of everything) {
      assert.equal(await statusOf(token.token, editionId, file), 206, file);
      assert.equal(await statusOf(token.token, 'another-edition', file), 403, file);
      for (const used of forged) assert.ok([403, 404].includes(await statusOf(used, editionId, file)), `${file} with ${used}`);
    }
    assert.equal((await askDoor(service, 'play', { path: dashPath.replace(sessionId, 'another') })).status, 404);
    await stop(tv, sessionId);
    assert.equal((await askDoor(service, 'play', { path: dashPath })).status, 410);
    const last = await waitFor('the token to run out', (TOKEN_SECONDS + 20) * 1_000, async () => {
      const status = await statusOf(token.token, editionId, everything[0] ?? '');
      return status === 206 ? undefined : status;
    });
    assert.equal(last, 410);
  });

  it('keeps kids to what suits them, behind a PIN for the others', async () => {
    const profile = { name: 'Bo', picture: 'fox', language: 'en', maturityMax: 6, isKids: true };
    const create =
      'mutation ($c: ID!, $p: ProfileInput!) { createProfile(commandId: $c, profile: $p) { refused { because } account { profiles { id name } } } }';
    type Created = { createProfile: { account: { profiles: { id: string; name: string }[] } } };
    const { createProfile } = await tv.ask<Created>(create, { c: randomUUID(), p: profile });
    const bo = createProfile.account.profiles.find(({ name }) => name === 'Bo');
    const kid = await another('the tablet');
    assert.equal((await kid.session('profile/choose', { profileId: bo?.id })).status, 200);
    // A film that nobody has rated is for grown-ups.
    const ask = 'query ($id: ID!) { title(id: $id) { name } }';
    assert.deepEqual(await kid.ask(ask, { id: film.id }), { title: null });
    assert.equal((await refused(kid)).because, 'above_maturity');
    const { home } = await kid.ask<{ home: { rows: { cards: { title: { maturity: number } | null }[] }[] } }>(
      '{ home { rows { cards { title { maturity } } } } }',
    );
    for (const { cards } of home.rows) for (const card of cards) assert.ok((card.title?.maturity ?? 0) <= 6);
    await askOperator(service, 'bioscope.catalog.v1.EditorialService/DescribeTitle', { titleId: film.id, rating: { maturity: 6 } });
    const { sessionId } = await waitFor('the rating to be known', 30_000, async () => (await start(kid)).granted);
    assert.notEqual((await kid.ask<{ title: object | null }>(ask, { id: film.id })).title, null);
    await stop(kid, sessionId);
  });

  it('cancels, watches to the end of what is paid, is a stranger after it, and finds everything again on coming back', async () => {
    const cancelled = await tv.ask('mutation ($c: ID!) { cancelMembership(commandId: $c) { refused membership { state } } }', {
      c: randomUUID(),
    });
    assert.deepEqual(cancelled, { cancelMembership: { refused: null, membership: { state: 'ENDING' } } });
    await tv.ask('mutation ($id: ID!) { addToMyList(titleId: $id) { isInMyList } }', { id: film.id });
    const { sessionId } = await granted(tv);
    await stop(tv, sessionId);
    const watching = await granted(tv);
    await advance(32);
    const lapsed = await waitFor('the membership to be over', 20_000, async () => (await start(tv)).refused);
    assert.partialDeepStrictEqual(lapsed, { because: 'lapsed', lifts: ['rejoin'] });
    // What plays goes on for the life of a token at most: the next one is refused, and so is a new manifest.
    type Beat = { token?: object; refused?: Refused };
    const beat = await tv.call<Beat>('play', 'bioscope.playback.v1.PlaybackService/Heartbeat', {
      sessionId: watching.sessionId,
      positionMs: 9_000,
      playing: true,
    });
    assert.equal(beat.refused?.because, 'lapsed');
    await tv.becomeMember('premium');
    await waitFor('access to know it', 20_000, async () => (await start(tv)).granted);
    const kept = await tv.ask<{ account: { profiles: unknown[] }; myList: { title: { id: string } }[] }>(
      '{ account { profiles { id } } myList { title { id } } }',
    );
    assert.equal(kept.account.profiles.length, 2);
    assert.deepEqual(
      kept.myList.map(({ title }) => title.id),
      [film.id],
    );
  });
});
