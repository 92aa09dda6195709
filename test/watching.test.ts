import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { assertAccessible } from './fixture/accessibility.ts';
import { cannotBrowse, LARGE_SCREEN, openBrowser, openPage, PHONE, screenshot } from './fixture/browser.ts';
import { ENGLISH_HZ, FRAME_RATE, GERMAN_HZ, makeCodedFilm, READ_FRAME_NUMBER } from './fixture/coded-film.ts';
import { addFilm, runCommand, startService, temporaryFolder, type Service } from './fixture/service.ts';
import { waitFor } from './fixture/wait.ts';
import { diagnostics, dominantFrequency, holds, pause, playsOn, seekAndPlay, showFrameAt, standsAt, watch } from './fixture/watching.ts';

const FILM_SECONDS = 60;
const NAME = 'Sixty Numbered Seconds';

describe('a film that was added', { skip: cannotBrowse, timeout: 300_000 }, () => {
  let service: Service;
  let browser: Browser;
  let page: Page;
  let complaints: string[];
  let titleUrl: string;
  let watchUrl: string;
  const ends: (() => Promise<unknown>)[] = [];

  before(async () => {
    const { folder, remove } = await temporaryFolder();
    ends.push(remove);
    service = await startService({ folder: `${folder}/state` });
    ends.push(() => service.stop());
    const film = await makeCodedFilm(folder, FILM_SECONDS);
    const { titleId } = await addFilm(service, film, NAME, '--year', '2026', '--synopsis', 'Every frame knows its own number.');
    titleUrl = `${service.app}/title/${titleId}`;
    watchUrl = `${service.app}/watch/${titleId}`;
    browser = await openBrowser();
    ends.push(() => browser.close());
    ({ page, complaints } = await openPage(browser));
  });
  afterEach(async (test) => {
    if ('passed' in test && !test.passed) await screenshot(page, `failed ${test.name}`);
  });
  after(async () => {
    for (const end of ends.toReversed()) await end();
  });

  it('is found on the home page and plays from there', async () => {
    await page.goto(service.app);
    await page.getByRole('heading', { name: NAME }).waitFor();
    await holds(page, `document.querySelector('.billboard img.shown') !== null`);
    await screenshot(page, 'home-one-film');
    await assertAccessible(page, 'home');
    await page.getByRole('link', { name: 'Details' }).click();
    await page.getByText('Every frame knows its own number.').waitFor();
    await assertAccessible(page, 'title');
    await page.getByRole('link', { name: 'Play' }).click();
    const first = await waitFor('the player', 20_000, () => diagnostics(page));
    await playsOn(page, first.positionMs, 20_000);
    await assertAccessible(page, 'watch');
  });

  it('shows the frame that belongs to the time, wherever one seeks', async () => {
    await watch(page, `${watchUrl}#start`);
    for (const frame of [1182, 77, 797, 300, 0, FILM_SECONDS * FRAME_RATE - 2]) {
      // In the middle of the frame's time: no rounding can lead to its neighbour.
      await showFrameAt(page, (frame + 0.5) / FRAME_RATE);
      assert.equal(await page.evaluate<number>(READ_FRAME_NUMBER), frame);
    }
  });

  it('obeys the keyboard', async () => {
    await watch(page, `${watchUrl}#start`);
    await pause(page);
    // The film is a frame or two shorter or longer than its last second.
    await page.keyboard.press('5');
    await standsAt(page, 29_900, 30_100);
    await page.keyboard.press('ArrowRight');
    await standsAt(page, 39_900, 40_100);
    await page.keyboard.press('j');
    await standsAt(page, 29_900, 30_100);
    await page.keyboard.press('Home');
    await standsAt(page, 0, 0);
    await page.keyboard.press('m');
    assert.equal(await page.evaluate(`document.querySelector('video').muted`), true);
    await page.keyboard.press('m');
    await page.keyboard.press(' ');
    await playsOn(page, 0, 10_000);
    await page.keyboard.press('Shift+?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.keyboard.press('Shift+D');
    await page.getByRole('complementary', { name: 'Diagnostics' }).waitFor();
    await screenshot(page, 'player-diagnostics');
  });

  it('shows captions when asked', async () => {
    await watch(page, `${watchUrl}#start`);
    await seekAndPlay(page, 20);
    await page.keyboard.press('c');
    const words = await waitFor('a caption', 10_000, async () => {
      const text = await page.locator('.captions-stage').innerText();
      return text.includes('This is second') ? text : undefined;
    });
    await pause(page);
    const second = Number(/second (\d+)/.exec(words)?.[1]);
    assert.ok(second >= 19 && second <= 30, words);
    await screenshot(page, 'player-captions');
    await page.keyboard.press('c');
    await holds(page, `document.querySelector('.captions-stage').innerText.trim() === ''`);
  });

  it('speaks the language that was chosen, by keyboard alone', async () => {
    await watch(page, `${watchUrl}#start`);
    const before = await dominantFrequency(page);
    await page.getByRole('button', { name: 'Audio' }).focus();
    await page.keyboard.press('Enter');
    const menu = page.getByRole('menu', { name: 'Audio' });
    await menu.waitFor();
    const items = menu.getByRole('menuitemradio');
    assert.equal(await items.count(), 2);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await menu.waitFor({ state: 'hidden' });
    const other = Math.abs(before - ENGLISH_HZ) < 30 ? GERMAN_HZ : ENGLISH_HZ;
    assert.ok(Math.abs(before - ENGLISH_HZ) < 30 || Math.abs(before - GERMAN_HZ) < 30, `the film sounds at ${before} Hz`);
    await waitFor(`the other language at ${other} Hz`, 30_000, async () =>
      Math.abs((await dominantFrequency(page)) - other) < 30 ? true : undefined,
    );
  });

  it('changes its sharpness when told to', async () => {
    await watch(page, `${watchUrl}#start`);
    for (const [keys, height] of [
      [['End', 'Enter'], 240],
      [['Home', 'ArrowDown', 'Enter'], 360],
    ] as const) {
      await page.getByRole('button', { name: 'Quality' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('menu', { name: 'Quality' }).waitFor();
      if (height === 240) await screenshot(page, 'player-quality-menu');
      for (const key of keys) await page.keyboard.press(key);
      await waitFor(`a picture of ${height} lines`, 15_000, async () => ((await diagnostics(page))?.height === height ? true : undefined));
    }
  });

  it('shows what is where on the seek bar', async () => {
    await watch(page, `${watchUrl}#start`);
    const bar = page.getByRole('slider', { name: 'Seek' });
    const box = await bar.boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + box.width * 0.75, box.y + box.height / 2);
    const preview = page.locator('.seek-preview');
    await preview.locator('.seek-preview-time').getByText('0:45', { exact: true }).waitFor();
    await holds(page, `document.querySelector('.seek-preview img')?.naturalWidth > 0`);
    await screenshot(page, 'player-storyboard');
    await page.mouse.click(box.x + box.width * 0.75, box.y + box.height / 2);
    await standsAt(page, 44_000, 50_000);
    await bar.focus();
    await page.keyboard.press('PageDown');
    await standsAt(page, 0, 8_000);
  });

  it('goes on where it was left, also after the page was loaded anew', async () => {
    await watch(page, `${watchUrl}#start`);
    await seekAndPlay(page, 25);
    await pause(page);
    const left = await waitFor('the player', 5_000, () => diagnostics(page));
    await page.goto(titleUrl);
    await page.getByRole('link', { name: /^Resume at 0:2/ }).waitFor();
    await page.goto(service.app);
    await page.getByRole('heading', { name: 'Continue watching' }).waitFor();
    await page.goto(watchUrl);
    const resumed = await waitFor('the film where it was left', 20_000, async () => {
      const now = await diagnostics(page);
      return now !== undefined && now.positionMs > 1_000 ? now : undefined;
    });
    assert.ok(Math.abs(resumed.positionMs - left.positionMs) < 3_000, `left at ${left.positionMs} ms, resumed at ${resumed.positionMs} ms`);
    await page.getByRole('button', { name: 'Start over' }).click();
    await standsAt(page, 0, 4_000);
  });

  it('fits a phone and obeys fingers', async () => {
    const phone = await openPage(browser, PHONE);
    await phone.page.goto(service.app);
    await phone.page.getByRole('heading', { name: NAME }).waitFor();
    assert.equal(
      await phone.page.evaluate(`document.documentElement.scrollWidth <= window.innerWidth`),
      true,
      'the page is wider than the phone',
    );
    await screenshot(phone.page, 'phone-home');
    await assertAccessible(phone.page, 'home on a phone');
    await watch(phone.page, `${watchUrl}#start`);
    await seekAndPlay(phone.page, 20);
    await screenshot(phone.page, 'phone-player');
    const right = [330, 200] as const;
    await phone.page.touchscreen.tap(...right);
    await phone.page.touchscreen.tap(...right);
    await standsAt(phone.page, 29_000, 36_000);
    await phone.page.context().close();
    assert.deepEqual(phone.complaints, []);
  });

  it('has pages for addresses that lead nowhere, and an empty house when nothing was added', async () => {
    await page.goto(`${service.app}/no/such/page`);
    await page.getByRole('heading', { name: /cutting-room floor/ }).waitFor();
    await page.goto(`${service.app}/title/unknown-title`);
    await page.getByRole('alert').getByText('This film is not here').waitFor();
  });

  it('gave no reason to complain in the browser’s console', () => {
    assert.deepEqual(complaints, []);
  });

  it('is gone after its removal: from the home page, and for who wants to watch it', async () => {
    const { code, stderr } = await runCommand(service, 'remove', NAME).end;
    assert.equal(code, 0, stderr);
    const other = await openPage(browser, LARGE_SCREEN);
    await other.page.goto(service.app);
    await other.page.getByRole('heading', { name: 'An empty screen' }).waitFor();
    await screenshot(other.page, 'home-empty');
    await assertAccessible(other.page, 'empty home');
    await other.page.goto(watchUrl);
    await other.page.getByRole('alert').waitFor();
    await screenshot(other.page, 'watch-refused');
  });
});
