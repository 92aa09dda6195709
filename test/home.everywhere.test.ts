import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { assertAccessible } from './fixture/accessibility.ts';
import { cannotBrowse, LARGE_SCREEN, openBrowser, openPage, PHONE, screenshot } from './fixture/browser.ts';
import { addCatalogue, CATALOGUE } from './fixture/catalogue.ts';
import { MemberDevice, PASSWORD } from './fixture/member.ts';
import { startService, temporaryFolder, type Service } from './fixture/service.ts';
import { waitFor } from './fixture/wait.ts';
import { diagnostics, holds, playsOn, standsAt } from './fixture/watching.ts';

const FILM = CATALOGUE.film.name;
const SERIES = CATALOGUE.series.name;
const DIRECTOR = CATALOGUE.director;
/** A bookmark reaches the home page by way of the log. */
const KNOWN_WITHIN_MS = 30_000;
/** Nobody who only forgot a screen would have it back before its two minutes are over. */
const FREED_WITHIN_MS = 15_000;

describe('a profile at home', { skip: cannotBrowse, timeout: 900_000 }, () => {
  let service: Service;
  let browser: Browser;
  let page: Page;
  let complaints: string[];
  let member: MemberDevice;
  let film: string;
  let episodes: readonly string[];
  const email = `ada-${randomUUID()}@example.org`;
  const ends: (() => Promise<unknown>)[] = [];

  before(async () => {
    const { folder, remove } = await temporaryFolder();
    ends.push(remove);
    service = await startService({
      folder: `${folder}/state`,
      environment: { BIOSCOPE_MEMBERS: 'required', BIOSCOPE_GRAPH_OPEN: '1', BIOSCOPE_COUNTRY: 'DE' },
    });
    ends.push(() => service.stop());
    member = await becomeMember();
    ({ film, episodes } = await addCatalogue(service, folder));
    await waitFor('the catalogue to be known to the graph', KNOWN_WITHIN_MS, findSeries);
    await addProfile({ name: 'Bo', picture: 'fox', language: 'en', maturityMax: 6, isKids: true });
    await addProfile({ name: 'ليلى', picture: 'lantern', language: 'ar', maturityMax: 18, isKids: false });
    browser = await openBrowser();
    ends.push(() => browser.close());
    ({ page, complaints } = await enter('Ada', LARGE_SCREEN));
  });
  afterEach(async (test) => {
    if ('passed' in test && !test.passed) await screenshot(page, `failed ${test.name}`);
  });
  after(async () => {
    for (const end of ends.toReversed()) await end();
  });

  async function becomeMember(): Promise<MemberDevice> {
    const device = new MemberDevice(service, 'the first');
    await device.signUp(email);
    await device.becomeMember('premium');
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
  async function addProfile(profile: object): Promise<void> {
    const create = 'mutation ($c: ID!, $p: ProfileInput!) { createProfile(commandId: $c, profile: $p) { refused { because } } }';
    assert.deepEqual(await member.ask(create, { c: randomUUID(), p: profile }), { createProfile: { refused: null } });
  }
  /** True once search knows the film and all episodes of the series. */
  async function findSeries(): Promise<true | undefined> {
    type Found = { search: { cards: { title: { name: string; state: string; episodes: { id: string; state: string }[] } }[] } };
    const ask = 'query ($text: String!) { search(text: $text) { cards { title { name state episodes { id state } } } } }';
    const named = async (name: string) =>
      (await member.ask<Found>(ask, { text: name })).search.cards.map(({ title }) => title).find((title) => title.name === name);
    const [one, series] = [await named(FILM), await named(SERIES)];
    const ids = series?.episodes.filter(({ state }) => state === 'PLAYABLE').map(({ id }) => id);
    return one?.state === 'PLAYABLE' && ids?.join() === episodes.join() ? true : undefined;
  }
  /** A browser of its own, signed in, with the profile chosen. */
  async function enter(profile: string, screen: BrowserContextOptions): Promise<{ page: Page; complaints: string[] }> {
    const opened = await openPage(browser, screen);
    await opened.page.goto(`${service.app}/sign-in`);
    await opened.page.getByRole('textbox', { name: 'E-mail address' }).fill(email);
    await opened.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await opened.page.keyboard.press('Enter');
    await opened.page.getByRole('button', { name: new RegExp(profile) }).click();
    await opened.page.locator('.billboard:not(.billboard-waiting)').waitFor();
    return opened;
  }
  async function watchAWhile(): Promise<void> {
    const first = await waitFor('the player', 20_000, () => diagnostics(page));
    await playsOn(page, Math.max(first.positionMs, 3_000), 30_000);
  }

  it('finds a film, watches some of it, and goes on from its home page', async () => {
    await holds(page, `document.querySelector('.billboard img.shown') !== null`);
    await screenshot(page, 'member-home');
    await assertAccessible(page, 'home of a profile');
    await page.locator('.row').getByRole('link', { name: FILM }).first().click();
    await page.getByRole('heading', { level: 1, name: FILM }).waitFor();
    await page.getByRole('link', { name: DIRECTOR }).waitFor();
    await assertAccessible(page, 'title');
    await screenshot(page, 'member-title');
    await page.getByRole('button', { name: 'Add to my list' }).click();
    await page.getByRole('button', { name: 'Remove from my list' }).waitFor();
    await page.getByRole('button', { name: 'I like this' }).click();
    await waitFor('the thumb to be kept', 10_000, async () => {
      const { title } = await member.ask<{ title: { card: { thumb: string; isInMyList: boolean } } }>(
        'query ($id: ID!) { title(id: $id) { card { thumb isInMyList } } }',
        { id: film },
      );
      return title.card.thumb === 'UP' && title.card.isInMyList ? true : undefined;
    });
    await page.getByRole('link', { name: /^(?:Play|Resume)/ }).click();
    await watchAWhile();
    await assertAccessible(page, 'watch');
    // Far enough from both ends to be worth going on with.
    await page.keyboard.press('4');
    await standsAt(page, 11_000, 16_000);
    await page.mouse.move(400, 400);
    await page.getByRole('button', { name: 'Back', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: FILM }).waitFor();
    const left = await waitFor('how much is left, on the home page', KNOWN_WITHIN_MS, async () => {
      await page.goto(service.app);
      const row = page.getByRole('region', { name: 'Continue watching' });
      await page.locator('.row').first().waitFor();
      const names = await row.getByRole('link').evaluateAll((links) => links.map((link) => link.getAttribute('aria-label') ?? ''));
      return names.find((name) => name.includes(FILM));
    });
    assert.match(left, /^Resume: .*left$/);
    await screenshot(page, 'member-home-continue');
    await page.getByRole('link', { name: left }).click();
    const resumed = await waitFor('the film where it was left', 20_000, async () => {
      const now = await diagnostics(page);
      return now !== undefined && now.positionMs > 10_000 ? now : undefined;
    });
    assert.ok(resumed.positionMs < 25_000, String(resumed.positionMs));
  });

  it('finds titles and people while typing', async () => {
    await page.goto(`${service.app}/search`);
    await page.getByRole('searchbox').pressSequentially('buny', { delay: 30 });
    await page.getByRole('link', { name: FILM }).waitFor();
    await holds(page, `document.querySelector('.poster-grid img.shown') !== null`);
    await screenshot(page, 'member-search');
    await assertAccessible(page, 'search');
    await page.getByRole('searchbox').fill('goedegebure');
    await page.getByRole('link', { name: DIRECTOR }).click();
    await page.getByRole('heading', { level: 1, name: DIRECTOR }).waitFor();
    await page.getByRole('link', { name: FILM }).waitFor();
    await assertAccessible(page, 'a person');
    await page.goBack();
    await page.getByRole('link', { name: DIRECTOR }).waitFor();
    await page.getByRole('searchbox').fill('zzzz');
    await page.getByText('Nothing found for “zzzz”').waitFor();
  });

  it('keeps its list in its own order', async () => {
    type Found = { search: { cards: { title: { id: string } }[] } };
    const { search } = await member.ask<Found>('{ search(text: "pictures") { cards { title { id } } } }');
    await member.ask('mutation ($id: ID!) { addToMyList(titleId: $id) { isInMyList } }', { id: search.cards[0]?.title.id });
    await page.goto(`${service.app}/list`);
    const names = (): Promise<string[]> => page.locator('.poster-grid .card-name').allInnerTexts();
    await page.getByText('2 titles').waitFor();
    assert.deepEqual(await names(), [SERIES, FILM]);
    await page.getByRole('button', { name: 'Edit' }).click();
    await assertAccessible(page, 'the list');
    await screenshot(page, 'member-list');
    await page.getByRole('button', { name: `Move ${FILM} forward` }).click();
    assert.deepEqual(await names(), [FILM, SERIES]);
    const kept = await waitFor('the order to be kept', 10_000, async () => {
      const { myList } = await member.ask<{ myList: { title: { name: string } }[] }>('{ myList { title { name } } }');
      return myList[0]?.title.name === FILM ? myList : undefined;
    });
    assert.equal(kept.length, 2);
    await page.getByRole('button', { name: `Remove ${SERIES} from my list` }).click();
    await page.getByText('1 title', { exact: true }).waitFor();
    await page.reload();
    await page.getByText('1 title', { exact: true }).waitFor();
    assert.deepEqual(await names(), [FILM]);
  });

  it('needs arrow keys and OK only, from the home page to the next episode', async () => {
    await page.goto(service.app);
    await page.locator('.row').first().waitFor();
    // Presses an arrow until something has the keyboard; says what stood in the way when it never does.
    const press = async (key: string, until: string): Promise<void> => {
      const seen: string[] = [];
      for (let times = 0; times < 30; times += 1) {
        await page.keyboard.press(key);
        const here = await page.evaluate<string>(
          `(document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '')`,
        );
        seen.push(here);
        if (here.includes(until)) return;
      }
      assert.fail(`${key} never led to ${until}: ${seen.join(' · ')}`);
    };
    await press('ArrowUp', 'Bioscope');
    await press('ArrowRight', 'Search');
    await page.keyboard.press('Enter');
    await page.getByRole('searchbox').waitFor();
    await page.keyboard.type('pictures');
    await page.getByRole('link', { name: SERIES }).waitFor();
    await press('ArrowDown', SERIES);
    await screenshot(page, 'television-search');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: SERIES }).waitFor();
    await page.locator('.episode').first().waitFor();
    await press('ArrowDown', 'Seahorse Valley');
    assert.equal(
      await page.evaluate(`document.activeElement.matches(':focus-visible') && getComputedStyle(document.activeElement).outlineStyle`),
      'solid',
    );
    await holds(
      page,
      `(() => { const { top, bottom } = document.activeElement.getBoundingClientRect(); return top >= 0 && bottom <= innerHeight; })()`,
    );
    await screenshot(page, 'television-episodes');
    await press('ArrowUp', 'Colony');
    await page.keyboard.press('Enter');
    const first = await waitFor('the player', 20_000, () => diagnostics(page));
    await playsOn(page, first.positionMs, 20_000);
    assert.ok(page.url().endsWith(`/watch/${episodes[0]}`));
    // OK leads to the controls, arrows walk over them, Back leads out of them: then arrows seek.
    await page.keyboard.press('Enter');
    await holds(page, `document.activeElement.matches('.control-main')`);
    await page.keyboard.press('Enter');
    await holds(page, `document.querySelector('video').paused`);
    await press('ArrowUp', 'Seek');
    await page.keyboard.press('Home');
    await standsAt(page, 0, 500);
    await page.keyboard.press('Escape');
    await holds(page, `document.activeElement === document.body`);
    await page.keyboard.press('ArrowRight');
    await standsAt(page, 9_500, 10_500);
    // The film stands: what comes next waits for OK.
    await page.evaluate(`(() => { const video = document.querySelector('video'); video.currentTime = video.duration - 1.5; })()`);
    await page.getByRole('complementary', { name: 'Next episode' }).waitFor();
    await screenshot(page, 'television-next-episode');
    await page.keyboard.press('Enter');
    await press('ArrowUp', 'Play now');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/watch/${episodes[1]}`);
    await page.getByRole('main', { name: /Seahorse Valley/ }).waitFor();
    await playsOn(page, 0, 20_000);
  });

  it('goes on with the next episode by itself, unless told not to', async () => {
    const next = page.getByRole('complementary', { name: 'Next episode' });
    const nearTheEnd = async (): Promise<void> => {
      await page.goto('about:blank');
      await page.goto(`${service.app}/watch/${episodes[0]}#start`);
      const first = await waitFor('the player', 20_000, () => diagnostics(page));
      await playsOn(page, first.positionMs, 20_000);
      await page.evaluate(`(() => { const video = document.querySelector('video'); video.currentTime = video.duration - 3.5; })()`);
      await next.waitFor();
    };
    await nearTheEnd();
    await next.getByRole('button', { name: 'Not now' }).click();
    await page.getByRole('region', { name: 'The end' }).waitFor();
    assert.ok(page.url().includes(`/watch/${episodes[0]}`));
    await nearTheEnd();
    await page.waitForURL(`**/watch/${episodes[1]}`);
    await page.getByRole('main', { name: /Seahorse Valley/ }).waitFor();
    await playsOn(page, 0, 20_000);
  });

  it('is told who watches when all screens of the plan are in use, and can stop one of them', async () => {
    // Who leaves a film frees its screen at once, however the page is left.
    await page.goto(service.app);
    await waitFor('all screens to be free', FREED_WITHIN_MS, async () => {
      const { streams } = await member.ask<{ streams: unknown[] }>('{ streams { sessionId } }');
      return streams.length === 0 ? true : undefined;
    });
    const sessions: string[] = [];
    for (const name of ['one', 'two', 'three', 'four']) {
      const device = new MemberDevice(service, name);
      assert.equal((await device.signIn(email)).status, 200);
      await chooseOwner(device);
      type Started = { granted?: { sessionId: string } };
      const { granted } = await waitFor(`a screen for ${name}`, 10_000, async () => {
        const started = await device.call<Started>('play', 'bioscope.playback.v1.PlaybackService/StartSession', { titleId: film });
        return started.granted === undefined ? undefined : started;
      });
      sessions.push(granted?.sessionId ?? '');
    }
    await page.goto(`${service.app}/watch/${film}#start`);
    await page.getByRole('alert').getByText('Too many screens at once').waitFor();
    const stops = page.getByRole('button', { name: `Stop ${FILM}, which Ada is watching` });
    await stops.first().waitFor();
    assert.equal(await stops.count(), sessions.length);
    await page.getByRole('button', { name: 'See greater plans' }).waitFor();
    await screenshot(page, 'stream-limit');
    await assertAccessible(page, 'the refusal of a fifth stream');
    await stops.first().click();
    await watchAWhile();
    // And the other way round: another device stops this one, and it says so.
    const mine = await diagnostics(page);
    await member.call('play', 'bioscope.playback.v1.PlaybackService/StopStream', { sessionId: mine?.sessionId });
    await page.keyboard.press('k');
    await page.getByRole('alert').getByText('Stopped by another device').waitFor();
    await holds(page, `document.querySelector('.player-overlay').getAnimations().length === 0`);
    await screenshot(page, 'stopped');
    for (const sessionId of sessions) await member.call('play', 'bioscope.playback.v1.PlaybackService/StopStream', { sessionId });
  });

  it('of a kid looks different, and has no way to the account', async () => {
    const kid = await enter('Bo', LARGE_SCREEN);
    await kid.page.getByRole('button', { name: 'Bo' }).click();
    await kid.page.getByRole('link', { name: 'Change profile' }).waitFor();
    assert.equal(await kid.page.getByRole('link', { name: 'Account' }).count(), 0);
    await screenshot(kid.page, 'kids-home');
    await assertAccessible(kid.page, 'home of a kid');
    await kid.page.context().close();
    assert.deepEqual(kid.complaints, []);
  });

  it('is read from right to left on a phone, in Arabic', async () => {
    const arabic = await enter('ليلى', PHONE);
    const phone = arabic.page;
    await holds(phone, `document.documentElement.dir === 'rtl'`);
    const fits = async (where: string): Promise<void> => {
      assert.equal(
        await phone.evaluate(`document.documentElement.scrollWidth <= window.innerWidth`),
        true,
        `${where} is wider than the phone`,
      );
      await screenshot(phone, `arabic-${where}`);
      await assertAccessible(phone, `${where} in Arabic`);
    };
    await holds(phone, `document.querySelector('.billboard img.shown') !== null`);
    await fits('home');
    await phone.goto(`${service.app}/title/${film}`);
    await phone.getByRole('heading', { level: 1 }).waitFor();
    await holds(phone, `document.querySelector('.title-poster img.shown') !== null`);
    await fits('title');
    await phone.goto(`${service.app}/search?q=bunny`);
    await phone.locator('.poster-grid .card').first().waitFor();
    await fits('search');
    await phone.goto(`${service.app}/list`);
    await phone.getByRole('heading', { level: 1 }).waitFor();
    await fits('list');
    await phone.context().close();
    assert.deepEqual(arabic.complaints, []);
  });

  it('gave no reason to complain in the browser’s console', () => {
    assert.deepEqual(complaints, []);
  });
});
