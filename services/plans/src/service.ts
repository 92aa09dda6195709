import { readFileSync } from 'node:fs';

import { AccessService } from '@bioscope/access/contract';
import { operatorGuard } from '@bioscope/access/contract/operator-guard';
import { ownMethods, serveGraph } from '@bioscope/graph';
import { port, unit } from '@bioscope/host';
import type { KvStore } from '@bioscope/kv';
import { relay, type Log } from '@bioscope/log';
import type { Passports } from '@bioscope/passport';
import { RegistryService } from '@bioscope/registry/contract';
import type { Handlers, RpcHost } from '@bioscope/rpc';

import { PlansService, PRICES_TOPIC } from '../contract/index.ts';
import { answering } from './answers.ts';
import { readConfig } from './config.ts';
import { plansLoaders, plansResolvers } from './graph.ts';
import type { PlansParts } from './handlers/context.ts';
import { getPrice, listCountries, listOffers, listPlans } from './handlers/offers.ts';
import { listPriceHistory, setPrice } from './handlers/set-price.ts';
import { priceList } from './price-list.ts';
import { PRICES_NAMESPACE, pricesStore } from './store.ts';

/** Plans and prices per country, with effective dates. */
export const plans = unit({
  name: 'plans',
  needs: { kv: port<KvStore>('kv'), log: port<Log>('log'), rpc: port<RpcHost>('rpc'), passports: port<Passports>('passports') },
  gives: {},
  async start({ kv, log, rpc, passports }, context) {
    const store = pricesStore(kv);
    const parts: PlansParts = { store, prices: priceList(store), config: readConfig(context.environment), nowMs: Date.now };
    const asks = passports.readerFor('plans');
    const relaying = relay(kv, log, {
      namespace: PRICES_NAMESPACE,
      topic: PRICES_TOPIC,
      failed: (err) => context.log.warn({ err }, 'a new price could not be announced yet'),
    });
    const own = rpc.as('plans');
    const operators = operatorGuard(own.client(AccessService));
    const handlers: Handlers<typeof PlansService> = {
      listOffers: (request) => answering(() => listOffers(parts, request)),
      getPrice: (request) => answering(() => getPrice(parts, request)),
      listPlans,
      listCountries: () => listCountries(parts),
      setPrice: operators.only('plans', (request, call) => answering(() => setPrice(parts, request, asks(call)))),
      listPriceHistory: operators.only('plans', (request) => answering(() => listPriceHistory(parts, request))),
    };
    own.serve(PlansService, handlers, { '*': ['gateway', 'graph'], listOffers: READERS, getPrice: READERS, listPlans: READERS });
    const methods = ownMethods(PlansService, handlers);
    const graph = serveGraph(own, {
      unit: 'plans',
      sdl: readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'),
      resolvers: plansResolvers(methods),
      askerOf: asks,
      loaders: ({ call }) => plansLoaders(methods, call),
      registry: own.client(RegistryService),
      log: context.log,
      version: parts.config.release,
    });
    return {
      gives: {},
      async stop() {
        await graph.close();
        await relaying.close();
      },
    };
  },
});

const READERS = ['gateway', 'graph', 'membership', 'billing', 'access', 'home'];
