import { readFileSync } from 'node:fs';

import { ownMethods, serveGraph } from '@bioscope/graph';
import { port, unit } from '@bioscope/host';
import type { KvStore } from '@bioscope/kv';
import type { Log } from '@bioscope/log';
import type { Passports } from '@bioscope/passport';
import { RegistryService } from '@bioscope/registry/contract';
import type { Handlers, RpcHost } from '@bioscope/rpc';

import { HomeService } from '../contract/index.ts';
import { readConfig } from './config.ts';
import { homeLoaders, homeResolvers } from './graph.ts';
import { answering } from './answers.ts';
import { followCatalogue } from './catalogue.ts';
import { followProfiles } from './follow-profiles.ts';
import { followWatching } from './follow-watching.ts';
import type { HomeParts } from './handlers/context.ts';
import { getHome } from './handlers/get-home.ts';
import { addToList, getList, moveInList, removeFromList } from './handlers/list.ts';
import { search } from './handlers/search.ts';
import { getCards, setThumb } from './handlers/titles.ts';
import { listStore } from './list-store.ts';
import { popularityBoard } from './popularity-board.ts';
import { profilesOf } from './profiles.ts';
import { homeStore } from './store.ts';
import { visibleShows } from './visible-shows.ts';

/** Home pages, lists, thumbs, search. */
export const home = unit({
  name: 'home',
  needs: { kv: port<KvStore>('kv'), log: port<Log>('log'), rpc: port<RpcHost>('rpc'), passports: port<Passports>('passports') },
  gives: {},
  async start({ kv, log, rpc, passports }, context) {
    const config = readConfig(context.environment);
    const own = rpc.as('home');
    const asks = passports.readerFor('home');
    const logger = context.log;
    const nowMs = Date.now;
    const store = homeStore(kv);
    const lists = listStore(kv);
    const popularity = popularityBoard(kv, { nowMs, logger });
    await popularity.refresh();
    const catalogue = followCatalogue({ rpc: own, log, logger });
    const parts: HomeParts = {
      catalogue,
      profiles: profilesOf({ rpc: own, store, logger }),
      visible: visibleShows(nowMs),
      store,
      lists,
      popularity,
      nowMs,
    };
    const subscriptions = [followWatching(log, { store, popularity }), followProfiles(log, { store, lists })];
    const handlers: Handlers<typeof HomeService> = {
      getHome: (request, call) => answering(() => getHome(parts, request, asks(call), call)),
      getList: (_request, call) => answering(() => getList(parts, asks(call), call)),
      addToList: (request, call) => answering(() => addToList(parts, request, asks(call), call)),
      removeFromList: (request, call) => answering(() => removeFromList(parts, request, asks(call), call)),
      moveInList: (request, call) => answering(() => moveInList(parts, request, asks(call), call)),
      setThumb: (request, call) => answering(() => setThumb(parts, request, asks(call), call)),
      getCards: (request, call) => answering(() => getCards(parts, request, asks(call), call)),
      search: (request, call) => answering(() => search(parts, request, asks(call), call)),
    };
    own.serve(HomeService, handlers, { '*': ['gateway', 'graph'] });
    const methods = ownMethods(HomeService, handlers);
    const graph = serveGraph(own, {
      unit: 'home',
      sdl: readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'),
      resolvers: homeResolvers(methods),
      askerOf: asks,
      loaders: ({ asker, call }) => homeLoaders(methods, asker, call),
      registry: own.client(RegistryService),
      log: context.log,
      version: config.release,
    });

    return {
      gives: {},
      async stop() {
        await graph.close();
        for (const subscription of subscriptions) await subscription.close();
        await catalogue.close();
      },
    };
  },
});
