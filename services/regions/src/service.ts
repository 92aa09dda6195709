import { randomUUID } from 'node:crypto';
import { port, unit } from '@bioscope/host';
import type { KvStore } from '@bioscope/kv';
import type { RpcHost } from '@bioscope/rpc';
import { RegionsService } from '../contract/index.ts';
import { readConfig } from './config.ts';
import { getPicture } from './handlers/get-picture.ts';
import { reportHealth } from './handlers/report-health.ts';
import { getRun, listRuns } from './handlers/runs.ts';
import { startRun } from './handlers/start-run.ts';
import { regionsStore } from './store.ts';
import { watchRegions } from './watch-regions.ts';

/** Which regions serve, and how much of whose traffic. */
export const regions = unit({
  name: 'regions',
  needs: { kv: port<KvStore>('kv'), rpc: port<RpcHost>('rpc') },
  gives: {},
  async start({ kv, rpc }, context) {
    const config = readConfig(context.environment);
    const nowMs = Date.now;
    const store = regionsStore(kv);
    const watching = watchRegions({
      store,
      rules: {
        named: config.regions.map(({ name }) => name),
        capacities: new Map(config.regions.map(({ name, capacityPerSecond }) => [name, capacityPerSecond])),
        pace: { holdMs: config.holdSeconds * 1_000, dnsTtlMs: config.dnsTtlSeconds * 1_000 },
      },
      countries: new Map(config.regions.map(({ name, country }) => [name, country])),
      log: context.log,
      nowMs,
      newId: randomUUID,
    });
    const on = { store, watching, nowMs, dnsTtlSeconds: config.dnsTtlSeconds };
    rpc.as('regions').serve(
      RegionsService,
      {
        getPicture: (request, call) => getPicture(on, request, call),
        reportHealth: (request) => reportHealth(on, request),
        evacuate: ({ commandId, region, reason, by, force }) => startRun(on, 'evacuate', { id: commandId, region, reason, by, force }),
        restore: ({ commandId, region, by, force }) => startRun(on, 'restore', { id: commandId, region, reason: '', by, force }),
        listRuns: (request) => listRuns(on, request),
        getRun: (request) => getRun(on, request),
      },
      // The gateway lets operators only through to this service.
      { '*': ['gateway', 'cli', 'chaos'], getPicture: ['*'], reportHealth: ['gateway'] },
    );
    return {
      gives: {},
      health: () => (watching.picture() === null ? { kind: 'ill', because: 'the store has not answered for 5 s' } : { kind: 'well' }),
      // Open polls are answered at once, and asked again elsewhere.
      drain: () => watching.stop(),
      stop: () => watching.stop(),
    };
  },
});
