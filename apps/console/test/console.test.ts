import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { assertWellMade, cannotBrowse, PHONE, screenshot } from './fixture/browser.ts';
import { openConsole, signIn, tabTo, type ConsoleInBrowser } from './fixture/console-in-browser.ts';
import { INVITE } from './fixture/fake-service.ts';

const NOW_MS = Date.now();

describe('the console in a browser', { skip: cannotBrowse, timeout: 600_000 }, () => {
  let opened: ConsoleInBrowser;
  before(async () => {
    opened = await openConsole(NOW_MS);
  });
  after(() => opened.close());
  const visit: ConsoleInBrowser['visit'] = (...args) => opened.visit(...args);

  it('lets the first operator in by the link that works once, and stays open after a reload', async (test) => {
    const { service, page } = await visit(test, `/welcome#${INVITE}`);
    await assertWellMade(page, 'the welcome page');
    await page.getByLabel('Your name').fill('Ada');
    await page.getByLabel('Country').selectOption('DE');
    await signIn(page);
    await page.getByRole('heading', { name: 'Films' }).waitFor();
    assert.equal(page.url(), `${service.origin}/films`);
    await page.reload();
    await page.getByRole('heading', { name: 'Films' }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  it('says why somebody is not let in, and then shows the page that was asked for', async (test) => {
    const { page } = await visit(test, '/appliances');
    await assertWellMade(page, 'the sign-in page');
    await signIn(page, 'wrong');
    await page.getByText('The address or the password is wrong.').waitFor();
    await signIn(page);
    await page.getByRole('heading', { name: 'Appliances' }).waitFor();
  });

  it('uploads several films through broken connections, and shows them among the others', async (test) => {
    const { service, page } = await visit(test, '/films');
    await signIn(page);
    service.uploads.breakOff(2);
    const films = ['First_film.mkv', 'Second.film.mp4'].map((name, at) => ({
      name,
      mimeType: 'video/mp4',
      buffer: pattern(3_000_000 + at, at),
    }));
    await page.getByLabel('Choose files').setInputFiles(films);
    await page.getByRole('link', { name: 'First film' }).waitFor();
    await page.getByRole('link', { name: 'Second film' }).waitFor();
    const arrived = service.uploads.ids().map((id) => service.uploads.bytesOf(id));
    assert.equal(arrived.length, 2);
    for (const { name, buffer } of films)
      assert.ok(
        arrived.some((bytes) => bytes.equals(buffer)),
        `${name} arrived whole`,
      );
    assert.equal(await page.getByText('Begun earlier').count(), 0);
  });

  it('goes on with an upload after a reload when the file is chosen again', async (test) => {
    const { service, page } = await visit(test, '/films');
    await signIn(page);
    const bytes = pattern(5_000_000, 3);
    // A file of the disk: the time of its last change is a part of what it is known by.
    const film = path.join(await scratch(test), 'Long film.mkv');
    await writeFile(film, bytes);
    const choose = () => page.getByLabel('Choose files').setInputFiles(film);
    const first = page.waitForResponse((response) => response.request().method() === 'PATCH');
    await choose();
    await first;
    const gate = service.uploads.hold();
    await page.getByText('uploading').waitFor();
    await page.getByText('1 upload under way').waitFor();
    await screenshot(page, 'films-uploading');
    await page.reload();
    gate.open();
    await page.getByText('Begun earlier').waitFor();
    await assertWellMade(page, 'the films page with an upload begun earlier');
    await choose();
    await page.getByRole('link', { name: 'Long film' }).waitFor();
    const [id = '', ...others] = service.uploads.ids();
    assert.deepEqual(others, []);
    assert.ok(service.uploads.bytesOf(id).equals(bytes));
  });

  it('shows how films stand, why one failed, and tries it again', async (test) => {
    const { service, page } = await visit(test, '/films');
    await signIn(page);
    const row = (name: string) => page.getByRole('row').filter({ hasText: name });
    await row('Nosferatu').getByText('ready').waitFor();
    await row('Nosferatu').getByText('everywhere').waitFor();
    await row('Caligari').getByText('playable, 42 % of all qualities').waitFor();
    await row('Metropolis').getByText('the disk is full').waitFor();
    await assertWellMade(page, 'the films page');
    await screenshot(page, 'films');
    await page.getByRole('link', { name: 'Metropolis' }).click();
    await page.getByRole('listitem').filter({ hasText: 'encode 1080p' }).getByText('failed').waitFor();
    await page.getByRole('button', { name: 'Try the failed steps again' }).click();
    await page.getByRole('listitem').filter({ hasText: 'encode 1080p' }).getByText('60 %').waitFor();
    assert.ok(service.calls.includes('RetryWork {"workId":"metropolis"}'));
  });

  it('changes where a film is offered, what it is about and its poster, and removes it, by keyboard alone', async (test) => {
    const { service, page } = await visit(test, '/films/nosferatu');
    await signIn(page);
    await page.getByRole('heading', { name: /Nosferatu/ }).waitFor();
    await assertWellMade(page, 'a film’s page');
    await screenshot(page, 'film');
    const press = async (name: string | RegExp): Promise<void> => {
      await tabTo(page, name);
      await page.keyboard.press('Enter');
    };
    await press('Add a window');
    const country = page.getByRole('group', { name: 'Country' }).getByLabel('Country');
    await country.focus();
    await page.keyboard.type('zz');
    await press('Save');
    await page.getByText('“zz” is no country').waitFor();
    const wrong = page.getByRole('group', { name: 'ZZ' }).getByLabel('Country');
    await wrong.fill('de');
    await press('Save');
    await page.getByText('Saved').waitFor();
    assert.ok(
      service.calls.some((call) => call.startsWith('SetWindows ') && call.includes('{"country":"*"}') && call.includes('{"country":"DE"}')),
      service.calls.join('\n'),
    );

    const about = page.getByRole('region', { name: 'About' });
    await about.getByLabel('Name').fill('Nosferatu');
    await about.getByLabel('horror').focus();
    await page.keyboard.press('Space');
    await about.getByLabel('Suitable from').selectOption('12 years');
    await about.getByRole('button', { name: 'Save' }).press('Enter');
    await page.getByRole('heading', { name: 'Nosferatu', exact: true }).waitFor();
    const described = service.calls.find((call) => call.startsWith('DescribeTitle '));
    assert.match(described ?? '', /"genres":\{"ids":\["fantasy"\]\}.*"rating":\{"maturity":12\}/);

    await page.getByLabel('Choose a poster').setInputFiles({ name: 'poster.png', mimeType: 'image/png', buffer: PNG });
    await page.getByRole('region', { name: 'Artwork' }).getByText('Saved').waitFor();
    const artwork = service.calls.find((call) => call.startsWith('SetArtwork '));
    // The beginning of every JPEG, in base64.
    assert.match(artwork ?? '', /"poster":"\/9j\//);

    await press('Remove the film');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Films' }).waitFor();
    assert.ok(service.calls.includes('RemoveTitle {"titleId":"nosferatu"}'));
    assert.equal(await page.getByRole('link', { name: 'Nosferatu' }).count(), 0);
  });

  it('takes a film offline and puts it back with one press each', async (test) => {
    const { service, page } = await visit(test, '/films/nosferatu');
    await signIn(page);
    await page.getByRole('button', { name: 'Offer it nowhere' }).click();
    await page.getByText('No window: the film is offered nowhere.').waitFor();
    await page.getByRole('button', { name: 'Offer it everywhere, from now on' }).click();
    await page.getByRole('group', { name: 'Everywhere' }).waitFor();
    assert.deepEqual(
      service.calls.filter((call) => call.startsWith('SetWindows ')),
      ['SetWindows {"titleId":"nosferatu"}', 'SetWindows {"titleId":"nosferatu","windows":[{"country":"*"}]}'],
    );
  });

  it('makes a series with a season and puts a film into it', async (test) => {
    const { page } = await visit(test, '/films');
    await signIn(page);
    await page.getByText('Make a series').click();
    await page.getByLabel('Name', { exact: true }).fill('Tales');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Tales' }).waitFor();
    await page.getByText('No season yet.').waitFor();
    await page.getByRole('button', { name: 'Add the season' }).click();
    await page.getByRole('link', { name: 'Season 1' }).waitFor();
    await assertWellMade(page, 'the page of a series');
    await page.getByRole('link', { name: 'All films' }).click();
    await page.getByRole('row').filter({ hasText: 'Tales' }).getByText('no episodes yet').waitFor();
    await page.getByRole('link', { name: 'Metropolis' }).click();
    const place = page.getByRole('region', { name: 'Part of a series' });
    await place.getByLabel('Season').selectOption('Tales: Season 1');
    await place.getByLabel('Number of the episode').fill('3');
    await place.getByRole('button', { name: 'Save' }).click();
    await place.getByText('Saved').waitFor();
    await page.getByRole('link', { name: 'All films' }).click();
    await page.getByRole('row').filter({ hasText: 'Metropolis' }).getByText('season 1, episode 3').waitFor();
  });

  it('finds a member and shows what is known of them', async (test) => {
    const { page } = await visit(test, '/members');
    await signIn(page);
    await page.getByLabel('E-mail address, or its beginning').fill('mar');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'maria@example.com' }).click();
    await page.getByText('plan.upgraded').waitFor();
    for (const text of ['active', 'Jonas', 'Living room', 'visa ending in 4242', 'card_declined', '2026-000001'])
      await page.getByText(text).first().waitFor();
    await assertWellMade(page, 'a member’s page');
    await screenshot(page, 'member');
    await page.goBack();
    await page.getByRole('link', { name: 'maria@example.com' }).waitFor();
  });

  it('cancels for a member with a reason, and signs them out everywhere', async (test) => {
    const { service, page } = await visit(test, '/members/acc1');
    await signIn(page);
    await page.getByText('Cancel for the member').click();
    await page.getByLabel('Why').fill('asked on the phone');
    await page.getByRole('button', { name: 'Cancel at the end of the period' }).click();
    await page.getByText('why asked on the phone').waitFor();
    await page.getByText('ending', { exact: true }).waitFor();
    assert.equal(await page.getByText('Cancel for the member').count(), 0);
    await page.getByRole('button', { name: 'Sign out everywhere' }).click();
    await page.getByText('Nobody is signed in with this account.').waitFor();
    const signOut = service.calls.find((call) => call.startsWith('SignOutAccount ')) ?? '';
    assert.match(signOut, /"accountId":"acc1","commandId":"[0-9a-f]{32}"/);
  });

  it('moves a member’s test clock once, though the answer was lost, and says when clocks are real', async (test) => {
    const { service, page } = await visit(test, '/members/acc1');
    const commands: unknown[] = [];
    service.rpc.set('MembershipService/AdvanceClock', ({ byMs, commandId }) => {
      commands.push([byMs, commandId]);
      if (commands.length === 1) throw new Error('clocks can be moved only where they are for tests');
      return {};
    });
    await signIn(page);
    await page.getByText('Test clock', { exact: true }).click();
    const move = page.getByRole('button', { name: '31 days on' });
    await move.click();
    await page.getByText('clocks can be moved only').waitFor();
    await move.click();
    await page.getByText('Saved').waitFor();
    const moved = page.waitForResponse((response) => response.url().endsWith('/AdvanceClock') && response.request().method() === 'POST');
    await move.click();
    await moved;
    const [first, again, another] = commands;
    assert.deepEqual(first, again);
    assert.notDeepEqual(again, another);
  });

  it('makes a link for another operator', async (test) => {
    const { page } = await visit(test, '/members');
    await signIn(page);
    await page.getByRole('button', { name: 'Make a link' }).click();
    await page.getByText('http://console.localhost/welcome#another').waitFor();
    await assertWellMade(page, 'the members page with a link');
    await screenshot(page, 'members');
  });

  it('shows one part of a member’s page although another service is away', async (test) => {
    const { service, page } = await visit(test, '/members/acc1');
    service.rpc.delete('BillingService/ShowBilling');
    await signIn(page);
    await page.getByText('plan.upgraded').waitFor();
    await page.getByRole('region', { name: 'Billing' }).getByRole('alert').waitFor();
  });

  it('shows the appliances and the outbox', async (test) => {
    const { page } = await visit(test, '/appliances');
    await signIn(page);
    await page.getByText('nginx is down').waitFor();
    await assertWellMade(page, 'the appliances page');
    await screenshot(page, 'appliances');
    await page.getByRole('link', { name: 'Mail' }).click();
    await page.getByText('Confirm your address').click();
    assert.equal(await page.getByRole('link', { name: /verify#abc/ }).getAttribute('href'), 'http://app.localhost/verify#abc');
    await assertWellMade(page, 'the outbox');
    await screenshot(page, 'mail');
  });

  it('shows how plays begin each second, and asks only while somebody looks', async (test) => {
    const { service, page } = await visit(test, '/films');
    await signIn(page);
    await page.getByRole('link', { name: 'Nosferatu' }).waitFor();
    await page.clock.install();
    await page.getByRole('link', { name: 'Live' }).press('Enter');
    const starts = page.getByRole('region', { name: 'Starts per second' });
    await starts.getByRole('img', { name: 'Starts per second' }).waitFor();
    await page.getByText('1,234').waitFor();
    await page.getByRole('row').filter({ hasText: 'lapsed' }).getByText('14').waitFor();
    await page.getByText('Counted by one process, playback-1.').waitFor();
    await assertWellMade(page, 'the live page');
    await screenshot(page, 'live');

    const moreMs = 5_000;
    const seconds = [{ atMs: (Math.floor((NOW_MS + moreMs) / 1000) - 1) * 1000, started: 777 }];
    service.rpc.set('OperatorService/GetLive', () => ({
      instance: 'playback-1',
      nowMs: NOW_MS + moreMs,
      sinceMs: NOW_MS,
      seconds,
      sessions: 2,
    }));
    await page.clock.runFor(1_000);
    await starts.getByText('777 in the last second, 777 at most, 777 in two minutes.').waitFor();
    await page.getByText('Nobody was refused in the last two minutes.').waitFor();
    await page.getByText(/Counted since \d\d:/).waitFor();

    const questions = (): number => service.calls.filter((call) => call.startsWith('GetLive ')).length;
    const look = (hidden: boolean): Promise<void> =>
      page.evaluate(
        `Object.defineProperty(document, 'hidden', { configurable: true, value: ${hidden} }); document.dispatchEvent(new Event('visibilitychange'))`,
      );
    const answer = () => page.waitForResponse((response) => response.url().endsWith('/GetLive') && response.request().method() === 'POST');
    await answer();
    await look(true);
    // The question that was due already finds nobody looking.
    await page.clock.runFor(1_000);
    const asked = questions();
    await page.clock.runFor(60_000);
    const answered = answer();
    await look(false);
    await answered;
    assert.equal(questions(), asked + 1);
  });

  it('fits a phone', async (test) => {
    const { page } = await visit(test, '/films', PHONE);
    await signIn(page);
    for (const [at, sign] of [
      ['films', 'Nosferatu'],
      ['films/metropolis', 'Try the failed steps again'],
      ['members/acc1', 'plan.upgraded'],
      ['live', 'stream_limit'],
      ['regions', 'a fifth of its requests fail'],
      ['appliances', 'nginx is down'],
      ['mail', 'Confirm your address'],
    ] as const) {
      await page.goto(new URL(`/${at}`, page.url()).href);
      await page.getByText(sign).first().waitFor();
      await assertWellMade(page, `${at} on a phone`);
      await screenshot(page, `phone-${at.replace('/', '-')}`);
    }
  });
});

async function scratch(test: TestContext): Promise<string> {
  const made = await mkdtemp(path.join(os.tmpdir(), 'bioscope-console-film-'));
  test.after(() => rm(made, { recursive: true, force: true }));
  return made;
}

function pattern(bytes: number, seed: number): Buffer {
  return Buffer.from(Uint8Array.from({ length: bytes }, (_, at) => (at * 7 + (at >> 12) + seed) % 256));
}

/** One red pixel. */
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==', 'base64');
