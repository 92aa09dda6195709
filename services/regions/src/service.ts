import { randomUUID } from 'node:crypto';
import { AccessService } from '@bioscope/access/contract';
import { operatorGuard } from '@bioscope/access/contract/operator-guard';
import { port, unit } from '@bioscope/host';
import type { KvStore } from '@bioscope/kv';
import type { Passports } from '@bioscope/passport';
import type { RequestContext, RpcHost } from '@bioscope/rpc';
import { OperatorService, RegionsService } from '../contract/index.ts';
import { askForBreakage } from './breakage.ts';
import { readConfig } from './config.ts';
import { getPicture } from './handlers/get-picture.ts';
import { reportHealth } from './handlers/report-health.ts';
import { getRun, listRuns } from './handlers/runs.ts';
import { showRegions } from './handlers/show-regions.ts';
import { startRun } from './handlers/start-run.ts';
import { regionsStore } from './store.ts';
import { watchRegions } from './watch-regions.ts';

/** Which regions serve, and how much of whose traffic. */
export const regions = unit({
  name: 'regions',
  needs: { kv: port<KvStore>('kv'), rpc: port<RpcHost>('rpc'), passports: port<Passports>('passports') },
  gives: {},
  async start({ kv, rpc, passports }, context) {
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
    const own = rpc.as('regions');
    const operators = operatorGuard(own.client(AccessService));
    const breakage = askForBreakage(own);
    const asks = passports.readerFor('regions');
    /** Through the gateway it is an operator, whose right access decides and whose name the passport says; units speak for themselves. */
    const asked = async (call: RequestContext, by = ''): Promise<string> => {
      if (call.caller !== 'gateway') return by;
      await operators.check('regions', call);
      const { accountId } = asks(call);
      return accountId === '' ? 'operator' : `operator ${accountId}`;
    };
    own.serve(
      RegionsService,
      {
        getPicture: (request, call) => getPicture(on, request, call),
        reportHealth: (request) => reportHealth(on, request),
        async evacuate({ commandId, region, reason, by, force }, call) {
          return startRun(on, 'evacuate', { id: commandId, region, reason, by: await asked(call, by), force });
        },
        async restore({ commandId, region, by, force }, call) {
          return startRun(on, 'restore', { id: commandId, region, reason: '', by: await asked(call, by), force });
        },
        async listRuns(request, call) {
          await asked(call);
          return listRuns(on, request);
        },
        async getRun(request, call) {
          await asked(call);
          return getRun(on, request);
        },
      },
      { '*': ['gateway', 'cli', 'chaos'], getPicture: ['*'], reportHealth: ['gateway'] },
    );
    own.serve(OperatorService, { showRegions: operators.only('regions', () => showRegions({ ...on, breakage })) }, { '*': ['gateway'] });
    return {
      gives: {},
      health: () => (watching.picture() === null ? { kind: 'ill', because: 'the store has not answered for 5 s' } : { kind: 'well' }),
      // Open polls are answered at once, and asked again elsewhere.
      drain: () => watching.stop(),
      stop: () => watching.stop(),
    };
  },
});
