import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { AccessService } from '@bioscope/access/contract';
import { operatorGuard, type OperatorGuard } from '@bioscope/access/contract/operator-guard';
import type { BlobStore } from '@bioscope/blob';
import { serveGraph } from '@bioscope/graph';
import { port, unit } from '@bioscope/host';
import type { KvStore } from '@bioscope/kv';
import type { Log } from '@bioscope/log';
import type { Passports } from '@bioscope/passport';
import { RegistryService } from '@bioscope/registry/contract';
import type { Rpc, RpcHost } from '@bioscope/rpc';

import { CatalogService, EditorialService, PEOPLE_TOPIC, PeopleService, TITLES_TOPIC } from '../contract/index.ts';
import { PEOPLE, TITLES } from './aggregate.ts';
import { answering } from './answers.ts';
import { readConfig } from './config.ts';
import { catalogResolvers } from './graph/resolvers.ts';
import { visibleTitles } from './graph/visible-titles.ts';
import type { CatalogParts } from './handlers/context.ts';
import { createTitle } from './handlers/create-title.ts';
import { describeTitle, setPeople } from './handlers/describe-title.ts';
import { getEdition, publishEdition } from './handlers/editions.ts';
import { getPerson, listPeople, putPerson, removePerson } from './handlers/people.ts';
import { forgetRemoved, removeTitle } from './handlers/remove-title.ts';
import { reportPreparation } from './handlers/report-preparation.ts';
import { addSeason, createSeries, placeEpisode } from './handlers/series.ts';
import { serveArtwork } from './handlers/serve-artwork.ts';
import { setArtwork } from './handlers/set-artwork.ts';
import { setAvailability, setWindows } from './handlers/set-windows.ts';
import { getTitle, getTitles, listTitles } from './handlers/titles.ts';
import { openPreparations } from './preparations.ts';
import { openRecords } from './records.ts';
import { showTitles } from './show-title.ts';
import { catalogStore } from './store.ts';

/** Titles, editions, people, windows, artwork. */
export const catalog = unit({
  name: 'catalog',
  needs: {
    kv: port<KvStore>('kv'),
    log: port<Log>('log'),
    blob: port<BlobStore>('blob'),
    rpc: port<RpcHost>('rpc'),
    passports: port<Passports>('passports'),
  },
  gives: {},
  async start({ kv, log, blob, rpc, passports }, context) {
    const { hasMembers, release } = readConfig(context.environment);
    const store = catalogStore(kv);
    const titles = await openRecords({ kv, logger: context.log }, TITLES);
    const people = await openRecords({ kv, logger: context.log }, PEOPLE);
    const preparations = await openPreparations(store);
    const parts: CatalogParts = {
      ...showTitles({ titles: titles.records.shelf, people: people.records.shelf, preparations, nowMs: Date.now }),
      titles: titles.records,
      people: people.records,
      store,
      preparations,
      blob,
      nowMs: Date.now,
      newId: randomUUID,
      log: context.log,
    };
    const following = [
      titles.follow({ log, topic: TITLES_TOPIC, onRemoved: (record) => forgetRemoved(parts, record) }),
      // Credits name people by id only, so that nothing is left of one who is removed.
      people.follow({ log, topic: PEOPLE_TOPIC, onRemoved: () => Promise.resolve() }),
    ];
    const own = rpc.as('catalog');
    const access = own.client(AccessService);
    serve(own, parts, operatorGuard(access));
    own.mount('/artwork', serveArtwork(blob), ['gateway']);
    const graph = serveGraph(own, {
      unit: 'catalog',
      sdl: readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'),
      resolvers: catalogResolvers(parts),
      askerOf: passports.readerFor('catalog'),
      loaders: ({ call }) => ({ titles: visibleTitles(parts, hasMembers ? access : null, call) }),
      registry: own.client(RegistryService),
      log: context.log,
      version: release,
    });
    return {
      gives: {},
      async stop() {
        await graph.close();
        for (const each of following) await each.close();
      },
    };
  },
});

const READERS = ['gateway', 'graph', 'access', 'home', 'playback', 'studio', 'control'];
/** What they pass on is an operator's, or somebody's who would be one: access decides. */
const FOR_OPERATORS = ['gateway', 'graph'];

function serve(own: Rpc, parts: CatalogParts, operators: OperatorGuard): void {
  own.serve(
    CatalogService,
    {
      listTitles: (request) => answering(() => listTitles(parts, request)),
      getTitle: (request) => answering(() => getTitle(parts, request)),
      getTitles: (request) => answering(() => getTitles(parts, request)),
      getEdition: (request) => answering(() => getEdition(parts, request)),
      createTitle: (request) => answering(() => createTitle(parts, request)),
      publishEdition: (request) => answering(() => publishEdition(parts, request)),
      reportPreparation: (request) => answering(() => reportPreparation(parts, request)),
      async setArtwork(request, call) {
        // The studio sets what it found in the film.
        if (call.caller !== 'studio') await operators.check('films', call);
        return await answering(() => setArtwork(parts, request));
      },
      setAvailability: operators.only('films', (request) => answering(() => setAvailability(parts, request))),
      removeTitle: operators.only('films', (request) => answering(() => removeTitle(parts, request))),
    },
    {
      '*': ['studio'],
      listTitles: READERS,
      getTitle: READERS,
      getTitles: READERS,
      getEdition: READERS,
      setArtwork: ['studio', ...FOR_OPERATORS],
      setAvailability: FOR_OPERATORS,
      removeTitle: FOR_OPERATORS,
    },
  );
  own.serve(
    EditorialService,
    {
      describeTitle: operators.only('films', (request) => answering(() => describeTitle(parts, request))),
      setWindows: operators.only('films', (request) => answering(() => setWindows(parts, request))),
      setPeople: operators.only('films', (request) => answering(() => setPeople(parts, request))),
      createSeries: operators.only('films', (request) => answering(() => createSeries(parts, request))),
      addSeason: operators.only('films', (request) => answering(() => addSeason(parts, request))),
      placeEpisode: operators.only('films', (request) => answering(() => placeEpisode(parts, request))),
    },
    { '*': FOR_OPERATORS },
  );
  own.serve(
    PeopleService,
    {
      putPerson: operators.only('films', (request) => answering(() => putPerson(parts, request))),
      removePerson: operators.only('films', (request) => answering(() => removePerson(parts, request))),
      getPerson: (request) => answering(() => getPerson(parts, request)),
      listPeople: (request) => answering(() => listPeople(parts, request)),
    },
    { '*': FOR_OPERATORS, getPerson: READERS, listPeople: READERS },
  );
}
