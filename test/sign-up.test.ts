import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { assertAccessible } from './fixture/accessibility.ts';
import { cannotBrowse, LARGE_SCREEN, openBrowser, openPage, PHONE, screenshot } from './fixture/browser.ts';
import { CARD_THAT_PAYS, mailedLink, MemberDevice, PASSWORD } from './fixture/member.ts';
import { askOperator } from './fixture/operator.ts';
import { startService, temporaryFolder, type Service } from './fixture/service.ts';
import { waitFor } from './fixture/wait.ts';
import { holds } from './fixture/watching.ts';

const CARD_THAT_IS_POOR = '4000000000009995';
const CARD_THAT_IS_ASKED_ABOUT = '4000002500003155';
const DAY_MS = 86_400_000;
const NEW_PASSWORD = 'another horse, another staple';

describe('a stranger', { skip: cannotBrowse, timeout: 600_000 }, () => {
  let service: Service;
  let browser: Browser;
  let page: Page;
  let complaints: string[];
  const email = `ada-${randomUUID()}@example.org`;
  const ends: (() => Promise<unknown>)[] = [];

  before(async () => {
    const { folder, remove } = await temporaryFolder();
    ends.push(remove);
    service = await startService({
      folder: `${folder}/state`,
      environment: { BIOSCOPE_MEMBERS: 'required', BIOSCOPE_TEST_CLOCKS: '1', BIOSCOPE_COUNTRY: 'DE' },
    });
    ends.push(() => service.stop());
    browser = await openBrowser();
    ends.push(() => browser.close());
    ({ page, complaints } = await openPage(browser, LARGE_SCREEN));
  });
  afterEach(async (test) => {
    if ('passed' in test && !test.passed) await screenshot(page, `failed ${test.name}`);
  });
  after(async () => {
    for (const end of ends.toReversed()) await end();
  });

  const heading = (name: string | RegExp, on = page) => on.getByRole('heading', { level: 1, name });
  const press = (name: string | RegExp, on = page) => on.getByRole('button', { name }).click();
  const follow = (name: string | RegExp, on = page) => on.getByRole('link', { name }).click();
  async function fillAccount(on: Page, address: string): Promise<void> {
    await on.getByRole('textbox', { name: 'Name', exact: true }).fill('Ada');
    await on.getByRole('textbox', { name: 'E-mail address' }).fill(address);
    await on.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await press('Create account', on);
    await heading('Look into your inbox', on).waitFor();
  }
  async function openLink(on: Page, address: string, template: string, place: string): Promise<void> {
    await on.goto(`${service.app}/${place}#${await mailedLink(service, address, template)}`);
  }
  async function enterCard(on: Page, card: string): Promise<void> {
    await on.getByRole('textbox', { name: 'Card number' }).fill(card);
    await on.getByRole('textbox', { name: 'Valid until' }).fill(`12/${(new Date().getFullYear() + 2) % 100}`);
  }
  async function payWith(on: Page, card: string): Promise<void> {
    await enterCard(on, card);
    await press(/^Pay/, on);
  }
  async function signIn(on: Page, password: string): Promise<void> {
    await on.getByRole('textbox', { name: 'E-mail address' }).fill(email);
    await on.getByLabel('Password', { exact: true }).fill(password);
    await on.getByRole('button', { name: 'Sign in', exact: true }).click();
  }
  async function moveClock(days: number): Promise<void> {
    const device = new MemberDevice(service, 'the accountant');
    const { body } = await device.signIn(email);
    const { id } = body['account'] as { id: string };
    const command = { accountId: id, byMs: days * DAY_MS, commandId: randomUUID() };
    await askOperator(service, 'bioscope.membership.v1.MembershipService/AdvanceClock', command);
  }

  let price = '';

  it('sees what it costs here, and signs up', async () => {
    await page.goto(service.app);
    await page.getByRole('heading', { name: 'Prices for Germany' }).waitFor();
    price = (
      await page
        .getByRole('listitem')
        .filter({ hasText: 'Premium' })
        .getByText(/a month$/)
        .innerText()
    ).replace(' a month', '');
    assert.match(price, /^€\d+\.\d\d$/);
    await assertAccessible(page, 'the landing page');
    await screenshot(page, 'landing');
    await follow('Get started');
    await page.getByRole('textbox', { name: 'E-mail address' }).fill('nobody');
    await press('Create account');
    await page.getByText('Please fill this in.').waitFor();
    await assertAccessible(page, 'the form of the account');
    await fillAccount(page, email);
    const mail = await page.context().newPage();
    await openLink(mail, email, 'verify_email', 'verify');
    await heading('Choose your plan', mail).waitFor();
    assert.equal(new URL(mail.url()).hash, '', 'the secret of the link stays out of the history');
    await mail.close();
    await heading('Choose your plan').waitFor();
    await page.getByText(`${price} a month`).waitFor();
    await assertAccessible(page, 'the plans');
  });

  it('is told why a card does not work, and pays the price of the country once with another', async () => {
    await follow('Choose Premium');
    await payWith(page, CARD_THAT_IS_POOR);
    await page.getByText('Not enough money on the card').waitFor();
    await assertAccessible(page, 'the payment');
    await screenshot(page, 'payment-declined');
    await payWith(page, CARD_THAT_PAYS);
    await heading('Welcome to Bioscope').waitFor();
    await page.goto(`${service.app}/account`);
    await page.getByText(`${price} a month · Active.`).waitFor();
    await page.getByText('No invoices yet.').waitFor({ state: 'detached' });
    const invoices = page.getByRole('table').getByRole('row');
    await invoices.nth(1).waitFor();
    assert.equal(await invoices.count(), 2, 'a line of headings and one invoice');
    assert.match(await invoices.nth(1).innerText(), new RegExp(`Premium[\\s\\S]*ending in 4242[\\s\\S]*${price.replace('.', '\\.')}`));
    await assertAccessible(page, 'the account');
    await screenshot(page, 'account');
  });

  it('makes a profile for a kid behind a PIN, in which there is nothing to pay or to set', async () => {
    await page.goto(`${service.app}/profiles`);
    await press('Add a profile');
    await page.getByRole('textbox', { name: 'Name' }).fill('Bo');
    await page.getByRole('checkbox', { name: 'A profile for kids' }).check();
    await page.getByLabel('Set a PIN').fill('1357');
    await assertAccessible(page, 'a new profile');
    await press('Save');
    await heading('Who is watching?').waitFor();
    await assertAccessible(page, 'the profiles');
    await screenshot(page, 'profiles');
    await press(/^Bo/);
    await page.getByLabel('Entry PIN').fill('1111');
    await press('Continue');
    await page.getByText('The PIN is wrong.').waitFor();
    await page.getByLabel('Entry PIN').fill('1357');
    await press('Continue');
    await page.getByRole('button', { name: 'Bo', exact: true }).click();
    await page.getByRole('link', { name: 'Change profile' }).waitFor();
    assert.equal(await page.getByRole('link', { name: 'Account' }).count(), 0);
    await page.goto(`${service.app}/account`);
    await heading('Who is watching?').waitFor();
    await press('Ada');
    await heading('Account').waitFor();
  });

  it('hears what another plan means and when, and takes it back', async () => {
    await follow('Change plan');
    await press('Choose Standard');
    await page.getByText(/^Counts from .* at €.* a month\.$/).waitFor();
    await press('Change to Standard');
    await page.getByText(/^Changes to Standard on/).waitFor();
    await press('Keep Premium');
    await page.getByText(/^Changes to Standard on/).waitFor({ state: 'detached' });
  });

  it('cancels with one click, changes its mind, watches to the end of what is paid, and finds everything on coming back', async () => {
    await follow('Cancel membership');
    await page.getByText(/^You can watch until/).waitFor();
    await press('Yes, cancel');
    await press('Undo the cancellation');
    await page.getByText(`${price} a month · Active.`).waitFor();
    await follow('Cancel membership');
    await press('Yes, cancel');
    await page.getByText(/^Cancelled\. You can watch until/).waitFor();
    await moveClock(32);
    await page.goto(service.app);
    await page.getByText('Your membership has ended').waitFor();
    await screenshot(page, 'lapsed');
    await follow('Rejoin');
    await payWith(page, CARD_THAT_IS_ASKED_ABOUT);
    await page.getByRole('heading', { name: 'Your bank wants to hear from you' }).waitFor();
    await assertAccessible(page, 'the question of the bank');
    // Who loads the page anew is asked the same, and pays once.
    await page.reload();
    await press('Confirm the payment');
    await heading('Welcome to Bioscope').waitFor();
    await follow('Continue');
    await page.getByRole('button', { name: /^Bo/ }).waitFor();
    await page.goto(`${service.app}/account`);
    await page.getByText(`${price} a month · Active.`).waitFor();
    await page.getByRole('table').getByRole('row').nth(2).waitFor();
    assert.equal(await page.getByRole('table').getByRole('row').count(), 3, 'two periods, two invoices');
  });

  it('is told of a payment that failed, watches meanwhile, and makes it good with another card', async () => {
    await page.goto(`${service.app}/account/card`);
    await enterCard(page, CARD_THAT_IS_POOR);
    await press('Save');
    await heading('The new card is saved.').waitFor();
    await moveClock(31);
    await waitFor('the renewal to fail', 30_000, async () => {
      await page.goto(`${service.app}/account`);
      await page
        .getByText('a month · Active.')
        .or(page.getByText(/^Payment is missing/))
        .waitFor();
      return (await page.getByText(/^Payment is missing/).count()) > 0 ? true : undefined;
    });
    await page.getByText('Not enough money on the card').waitFor();
    await assertAccessible(page, 'an account that owes');
    await screenshot(page, 'past-due');
    await page.goto(service.app);
    await page.getByText('The last payment did not work.').waitFor();
    await follow('Use another card');
    await enterCard(page, CARD_THAT_PAYS);
    await press('Pay now');
    await heading('Thank you, the payment worked').waitFor();
    await page.goto(`${service.app}/account`);
    await page.getByText(`${price} a month · Active.`).waitFor();
    await page.getByRole('table').getByRole('row').nth(3).waitFor();
  });

  it('signs in with a passkey as well', async () => {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await press('Add a passkey');
    await page.getByLabel('Current password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Add a passkey' }).last().click();
    await page.getByText('Saved').waitFor();
    await press('Ada');
    await press(/^Sign out$/);
    await heading('Sign in').waitFor();
    await press('Sign in with a passkey');
    await heading('Account').waitFor();
  });

  it('guards settings with an account PIN', async () => {
    await press('Set an account PIN');
    await page.getByLabel('Current password').fill(PASSWORD);
    await page.getByLabel('New PIN').fill('2468');
    await press('Save');
    await page.getByText('Saved').waitFor();
    await page.goto(`${service.app}/profiles`);
    await press('Edit profiles');
    await press(/Bo/);
    await page.getByRole('textbox', { name: 'Name' }).fill('Bobby');
    await press('Save');
    await page.getByLabel('Account PIN').fill('2468');
    await press('Continue');
    await page.getByRole('button', { name: /Bobby/ }).waitFor();
    // Money and settings are behind it too, also when the page is loaded anew.
    await page.goto(`${service.app}/account/cancel`);
    await page.getByLabel('Account PIN').fill('1357');
    await press('Continue');
    await page.getByText('The PIN is wrong.').waitFor();
    await assertAccessible(page, 'the question for the account PIN');
    await page.getByLabel('Account PIN').fill('2468');
    await press('Continue');
    await heading('Cancel your membership?').waitFor();
  });

  it('who forgot the password gets a link, and all other devices are signed out', async () => {
    const { page: other } = await openPage(browser, PHONE);
    await other.goto(`${service.app}/reset`);
    await other.getByRole('textbox', { name: 'E-mail address' }).fill(email);
    await press('Send the link', other);
    await heading('Look into your inbox', other).waitFor();
    await openLink(other, email, 'reset_password', 'reset');
    await other.getByLabel('New password').fill(NEW_PASSWORD);
    await press('Save the new password', other);
    await heading('Who is watching?', other).waitFor();
    await page.goto(`${service.app}/account`);
    await heading('Sign in').waitFor();
    await signIn(page, PASSWORD);
    await page.getByText('The address or the password is wrong.').waitFor();
    await signIn(page, NEW_PASSWORD);
    await heading('Account').waitFor();
    await other.context().close();
  });

  it('needs no mouse', async () => {
    const { page: keys } = await openPage(browser, LARGE_SCREEN);
    const reach = async (name: string, key: string): Promise<void> => {
      for (let times = 0; times < 40; times += 1) {
        await keys.keyboard.press(key);
        if ((await keys.evaluate<string>(`document.activeElement?.textContent ?? ''`)).trim().startsWith(name)) return;
      }
      assert.fail(`${key} never led to ${name}`);
    };
    await keys.goto(service.app);
    await keys.getByRole('heading', { name: 'Prices for Germany' }).waitFor();
    await reach('Get started', 'ArrowDown');
    await reach('Bioscope', 'ArrowUp');
    await reach('Sign in', 'ArrowRight');
    await keys.keyboard.press('Enter');
    await heading('Sign in', keys).waitFor();
    await keys.keyboard.type(email);
    await keys.keyboard.press('ArrowDown');
    await keys.keyboard.type(NEW_PASSWORD);
    await keys.keyboard.press('Enter');
    await heading('Who is watching?', keys).waitFor();
    await reach('Ada', 'ArrowDown');
    assert.ok(await keys.evaluate(`document.activeElement?.matches(':focus-visible')`), 'one sees where one is');
    await keys.keyboard.press('Enter');
    await keys.getByRole('link', { name: 'Search' }).waitFor();
    await keys.context().close();
  });

  it('reads Arabic from right to left on a phone', async () => {
    const { page: phone } = await openPage(browser, { ...PHONE, locale: 'ar-EG' });
    for (const place of ['', 'join', 'sign-in', 'reset']) {
      await phone.goto(`${service.app}/${place}`);
      await phone.locator('h1').waitFor();
      await holds(phone, `document.documentElement.dir === 'rtl' && document.documentElement.scrollWidth <= innerWidth`);
      await assertAccessible(phone, `/${place} in Arabic`);
    }
    await screenshot(phone, 'reset-arabic');
    await phone.context().close();
  });

  it('has seen no error of the page', () => assert.deepEqual(complaints, []));
});
