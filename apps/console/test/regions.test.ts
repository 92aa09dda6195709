import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { assertWellMade, cannotBrowse, screenshot } from './fixture/browser.ts';
import { openConsole, signIn, tabTo, type ConsoleInBrowser } from './fixture/console-in-browser.ts';

describe('the page of regions in a browser', { skip: cannotBrowse, timeout: 600_000 }, () => {
  let opened: ConsoleInBrowser;
  before(async () => {
    opened = await openConsole(Date.now());
  });
  after(() => opened.close());
  const visit: ConsoleInBrowser['visit'] = (...args) => opened.visit(...args);

  it('shows regions, zones, processes and appliances, and leads a region’s traffic away and back', async (test) => {
    const { service, page } = await visit(test, '/regions');
    await signIn(page);
    const region = (name: string) => page.getByRole('region', { name: `Region ${name}` });
    await region('a').getByText('1,240 per second arrive, 1,240 are served here').waitFor();
    await region('b').getByText('a fifth of its requests fail').waitFor();
    await region('b').getByText('It is not evacuated by itself').waitFor();
    assert.equal(await region('b').getByText('silent', { exact: true }).count(), 5, 'the processes of a zone of which nobody knows');
    await page.getByRole('region', { name: 'Outside the zones' }).getByText('storage').waitFor();
    await page.getByText('nginx is down').waitFor();
    await page.getByRole('region', { name: 'Broken on purpose' }).getByText('300 ms late at the server of graph in region b').waitFor();
    await assertWellMade(page, 'the page of regions');
    await screenshot(page, 'regions');

    const past = page.getByRole('region', { name: 'Last runs' });
    await past.getByText('Evacuation of region b').click();
    await past.getByText('0 of 240 requests per second still arrive').waitFor();
    await past.getByText('DNS sends nobody here any more.').waitFor();

    await tabTo(page, 'Evacuate a …');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Lead all traffic out of region a?' });
    await dialog.getByText('which can take 2000 besides their own.').waitFor();
    await assertWellMade(page, 'the question before an evacuation');
    await screenshot(page, 'regions-evacuate');
    await dialog.getByLabel('Why').fill('work on the power');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await region('a').getByText('evacuating', { exact: true }).waitFor();
    await region('a').getByText('10 % of the requests that arrive are handed to b.').waitFor();
    await region('a').getByText('Why: work on the power').waitFor();
    await region('a').getByText('20 % of the requests, to b').waitFor();
    await screenshot(page, 'regions-evacuating');
    const asked = service.calls.find((call) => call.startsWith('Evacuate ')) ?? '';
    assert.match(asked, /^Evacuate \{"region":"a","reason":"work on the power","commandId":"[0-9a-f]{32}"\}$/);

    await region('a').getByRole('button', { name: 'Restore a …' }).click();
    await page.getByRole('button', { name: 'Yes, restore it' }).click();
    await region('a').getByText('Return of region a').waitFor();
    await past.getByText('turned').waitFor();
  });

  it('evacuates a region in spite of the others’ capacity only when told to, and says why it does not', async (test) => {
    const { service, page } = await visit(test, '/regions');
    await signIn(page);
    await page.getByRole('button', { name: 'Evacuate b …' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('which can take 10 besides their own').waitFor();
    await dialog.getByRole('button', { name: 'Yes, evacuate it' }).click();
    assert.ok(await dialog.isVisible(), 'the box must be ticked first');
    assert.ok(!service.calls.some((call) => call.startsWith('Evacuate ')));
    service.rpc.set('RegionsService/Evacuate', () => ({ refused: { code: 'another_run', text: 'a is being evacuated; one at a time' } }));
    await dialog.getByLabel('Do it although the others have too little capacity').check();
    await dialog.getByRole('button', { name: 'Yes, evacuate it' }).click();
    await dialog.getByText('a is being evacuated; one at a time').waitFor();
    assert.match(service.calls.find((call) => call.startsWith('Evacuate ')) ?? '', /"region":"b".*"force":true/);
  });

  it('says that a service of one process is one region, and shows what runs all the same', async (test) => {
    const { service, page } = await visit(test, '/films');
    service.rpc.set('ControlService/WatchPicture', () => ({ version: 1 }));
    const alone = { service: 'playback', instanceId: 'p', address: '127.0.0.1:7000', region: 'local', zone: 'a' };
    service.rpc.set('OperatorService/ListInstances', () => ({ copy: 'c', instances: [alone] }));
    await signIn(page);
    await page.getByRole('link', { name: 'Regions' }).click();
    await page.getByText('./bioscope up --regions 2 --zones 3').waitFor();
    await page.getByRole('region', { name: 'Region local' }).getByText('127.0.0.1:7000').waitFor();
    assert.equal(await page.getByRole('button', { name: /Evacuate/ }).count(), 0);
    assert.ok(!service.calls.some((call) => call.startsWith('ShowRegions ')));
    await assertWellMade(page, 'the page of regions where there is one');
  });

  it('keeps showing what runs while nobody can say how regions are', async (test) => {
    const { service, page } = await visit(test, '/regions');
    service.rpc.set('OperatorService/ShowRegions', () => {
      throw new Error('this instance cannot see the regions now');
    });
    await signIn(page);
    await page.getByRole('alert').getByText('this instance cannot see the regions now').waitFor();
    await page.getByRole('region', { name: 'Region a' }).getByText('127.1.1.2:7000').waitFor();
  });
});
