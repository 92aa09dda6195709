import { AccessService } from '@bioscope/access/contract';
import { operatorGuard } from '@bioscope/access/contract/operator-guard';
import { port, unit } from '@bioscope/host';
import type { KvStore } from '@bioscope/kv';
import type { Passports } from '@bioscope/passport';
import { RegistryService } from '@bioscope/registry/contract';
import type { RpcHost } from '@bioscope/rpc';

import { readConfig } from './config.ts';
import { followRegistry } from './graph/follow-registry.ts';
import { lastGood } from './graph/last-good.ts';
import { serveGraphql } from './handlers/serve-graphql.ts';
import { readPersisted } from './operations/persisted.ts';
import { preparedOperations } from './operations/prepared-operations.ts';
import { subgraphs } from './subgraphs/subgraphs.ts';

/** One graph for every client. */
export const graph = unit({
  name: 'graph',
  needs: { kv: port<KvStore>('kv'), rpc: port<RpcHost>('rpc'), passports: port<Passports>('passports') },
  gives: {},
  async start({ kv, rpc, passports }, context) {
    const config = readConfig(context.environment);
    const persisted = await readPersisted(config.operationFiles);
    const own = rpc.as('graph');
    const services = subgraphs({ rpc: own, settings: config, nowMs: Date.now });
    const followed = await followRegistry({ registry: own.client(RegistryService), lastGood: lastGood(kv), log: context.log });
    own.mount(
      '/graphql',
      serveGraphql({
        graph: () => followed.current(),
        operations: preparedOperations(),
        persisted,
        isOpen: config.isOpen,
        asks: passports.readerFor('graph'),
        operators: operatorGuard(own.client(AccessService)),
        subgraphs: services,
        requestMs: config.requestMs,
        nowMs: Date.now,
      }),
      ['gateway'],
    );
    return {
      gives: {},
      ready: () => followed.current() !== undefined,
      // The graph that it has is good enough for what is under way.
      drain: () => followed.close(),
      async stop() {
        await followed.close();
        await services.close();
      },
    };
  },
});
