import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { cannotBrowse, LARGE_SCREEN, openBrowser, openPage, PHONE, screenshot } from './fixture/browser.ts';
import { callDoor } from './fixture/doors.ts';
import { startService, temporaryFolder, type Service } from './fixture/service.ts';
import { waitFor } from './fixture/wait.ts';
import { holds, pause, playsOn, seekAndPlay, watch } from './fixture/watching.ts';

// On two cores that do nothing else it is well under one minute.
const PLAYABLE_WITHIN_MS = 120_000;
const NAME = 'Big Buck Bunny';
const ALL = process.env['BIOSCOPE_TEST_ALL'] === '1';
const ALL_WITHIN_MS = 300_000;
/** Its films and its series (apps/cli/src/demo). */
const CATALOGUE = [NAME, 'Afterglow', 'Colony', 'Seahorse Valley', 'Pictures from Numbers'];

type Titles = { titles?: { id: string; name?: string; state?: string; posterPath?: string; licence?: string; credit?: string }[] };

describe('a fresh start', { skip: cannotBrowse, timeout: 600_000 }, () => {
  let service: Service;
  let browser: Browser;
  const ends: (() => Promise<unknown>)[] = [];

  before(async () => {
    const { folder, remove } = await temporaryFolder();
    ends.push(remove);
    service = await startService({ folder: `${folder}/state`, demo: true });
    ends.push(() => service.stop());
    browser = await openBrowser();
    ends.push(() => browser.close());
  });
  after(async () => {
    for (const end of ends.toReversed()) await end();
  });

  it('has something to watch within two minutes, and says whose it is', async () => {
    const film = await waitFor(`${NAME} to become playable`, PLAYABLE_WITHIN_MS, async () => {
      const { titles = [] } = await callDoor<Titles>(service, 'api', 'bioscope.catalog.v1.CatalogService/ListTitles', {});
      return titles.find((title) => title.name === NAME && title.state === 'TITLE_STATE_PLAYABLE');
    });
    assert.match(film.credit ?? '', /Blender/);
    assert.match(film.licence ?? '', /CC BY 3\.0/);

    const { page, complaints } = await openPage(browser, LARGE_SCREEN);
    await page.goto(service.app);
    await page.getByRole('heading', { name: NAME, level: 1 }).waitFor();
    await holds(page, `document.querySelector('.billboard img.shown') !== null`);
    await screenshot(page, 'home');
    const now = await watch(page, `${service.app}/watch/${film.id}`);
    await playsOn(page, now.positionMs, 10_000);
    await seekAndPlay(page, 17);
    await pause(page);
    await screenshot(page, 'player');
    assert.deepEqual(complaints, []);

    const phone = await openPage(browser, PHONE);
    await phone.page.goto(service.app);
    await phone.page.getByRole('heading', { name: NAME, level: 1 }).waitFor();
    await holds(phone.page, `document.querySelector('.billboard img.shown') !== null`);
    await screenshot(phone.page, 'phone-home-demo');
    await phone.page.goto(`${service.app}/title/${film.id}`);
    await phone.page.getByText('CC BY 3.0').waitFor();
    await holds(phone.page, `document.querySelectorAll('.title img.shown').length === 2`);
    await screenshot(phone.page, 'phone-title');
  });

  it(
    'has all of the demo catalogue in the end, and nothing twice',
    { skip: ALL ? false : 'minutes of encoding: ./bioscope test --all' },
    async () => {
      const names = await waitFor('all demo films', ALL_WITHIN_MS, async () => {
        const { titles = [] } = await callDoor<Titles>(service, 'api', 'bioscope.catalog.v1.CatalogService/ListTitles', {});
        // A season has no name of its own.
        const playable = titles.flatMap(({ state, name }) => (state === 'TITLE_STATE_PLAYABLE' && name !== undefined ? [name] : []));
        return playable.length < CATALOGUE.length ? undefined : playable;
      });
      assert.deepEqual(names.toSorted(), CATALOGUE.toSorted());
    },
  );
});
