import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';

import { methodsOpenTo } from '@bioscope/access/testing';

import { CatalogService, EditorialService, PeopleService } from '../contract/index.ts';
import { PASSPORTS, startCatalog, stateFolder, type RunningCatalog } from './running-catalog.ts';

let running: RunningCatalog;
let folder: Awaited<ReturnType<typeof stateFolder>>;
before(async () => {
  folder = await stateFolder();
  running = await startCatalog(folder.path);
  await running.as('studio').createTitle({ titleId: 'film', name: 'The Film' });
});
after(async () => {
  await running[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});
beforeEach(() => {
  running.rights.answer = 'granted';
});

const whatIsThere = async () => {
  const [{ titles }, { people }] = [await running.as('home').listTitles({}), await running.peopleAs('home').listPeople({})];
  return { titles, people };
};

describe('operators of the catalogue', () => {
  for (const caller of ['gateway', 'graph'])
    it(`change nothing by way of the ${caller} that access refuses`, async () => {
      const before = await whatIsThere();
      running.rights.answer = 'operators_only';
      const options = {};
      assert.deepEqual(await methodsOpenTo(CatalogService, running.as(caller), options), [
        'listTitles',
        'getTitle',
        'getTitles',
        'getEdition',
      ]);
      assert.deepEqual(await methodsOpenTo(EditorialService, running.editorialAs(caller), options), []);
      assert.deepEqual(await methodsOpenTo(PeopleService, running.peopleAs(caller), options), ['getPerson', 'listPeople']);
      for (const change of [
        () => running.as(caller).removeTitle({ titleId: 'film' }),
        () => running.as(caller).setAvailability({ titleId: 'film', availableFromMs: 1, availableUntilMs: 2 }),
        () => running.editorialAs(caller).createSeries({ titleId: 'series', name: 'The Series' }),
        () => running.peopleAs(caller).putPerson({ personId: 'ada', name: 'Ada' }),
      ])
        await assert.rejects(change(), { code: 'permission_denied', message: /operators_only/ });
      assert.deepEqual(await whatIsThere(), before);
    });

  it('are those whom the passport names, and no call goes without one', async () => {
    const within = PASSPORTS.within({ accountId: 'a-member' });
    await assert.rejects(running.as('gateway').removeTitle({ titleId: 'film' }, { within }), { code: 'permission_denied' });
    const bare = { ...within, header: () => undefined };
    await assert.rejects(running.as('gateway').removeTitle({ titleId: 'film' }, { within: bare }), { code: 'unauthenticated' });
    assert.equal((await whatIsThere()).titles.length, 1);
  });

  it('wait while access does not answer; the studio does not', async () => {
    running.rights.answer = 'down';
    await assert.rejects(running.as('gateway').removeTitle({ titleId: 'film' }), { code: 'unavailable', message: /Nothing was done/ });
    await assert.rejects(running.as('gateway').setArtwork({ titleId: 'film' }), { code: 'unavailable' });
    await assert.rejects(running.as('studio').setArtwork({ titleId: 'film' }), { code: 'invalid_argument' });
    assert.equal((await whatIsThere()).titles.length, 1);
  });
});
