import { randomUUID } from 'node:crypto';

import { port, unit } from '@bioscope/host';
import type { KvStore } from '@bioscope/kv';
import type { RpcHost } from '@bioscope/rpc';

import { RegistryService } from '../contract/index.ts';
import { answering } from './answers.ts';
import { openCurrentGraph } from './current-graph.ts';
import { getSupergraph } from './handlers/get-supergraph.ts';
import { listChanges } from './handlers/list-changes.ts';
import { publish } from './handlers/publish.ts';
import { registryStore } from './store.ts';

/** Every schema and every change; the composed graph. */
export const registry = unit({
  name: 'registry',
  needs: { kv: port<KvStore>('kv'), rpc: port<RpcHost>('rpc') },
  gives: {},
  async start({ kv, rpc }, context) {
    const store = registryStore(kv);
    const graph = await openCurrentGraph({ store, log: context.log });
    rpc.as('registry').serve(
      RegistryService,
      {
        publish: (request, call) => answering(() => publish({ store, graph, newId: randomUUID }, request, call)),
        getSupergraph: (request, call) => getSupergraph({ graph, nowMs: Date.now }, request, call),
        listChanges: (request) => answering(() => listChanges({ store }, request)),
      },
      // Publishing is for every unit that proves who it is, for itself alone.
      { '*': ['graph', 'gateway'], publish: ['*'] },
    );
    return {
      gives: {},
      // A question that waits for news would hold the process up for its whole twenty seconds.
      async drain() {
        graph.retire();
      },
      stop: () => graph.close(),
    };
  },
});
