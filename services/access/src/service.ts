import { TITLES_TOPIC } from '@bioscope/catalog/contract';
import { port, unit } from '@bioscope/host';
import { PROFILES_TOPIC, REVOCATIONS_TOPIC } from '@bioscope/identity/contract';
import type { Log } from '@bioscope/log';
import { MEMBERSHIP_TOPIC } from '@bioscope/membership/contract';
import type { Passports } from '@bioscope/passport';
import type { RpcHost } from '@bioscope/rpc';

import { AccessService } from '../contract/index.ts';
import { readConfig } from './config.ts';
import { decisionLog } from './decision-log.ts';
import type { AccessParts } from './handlers/context.ts';
import { decide } from './handlers/decide.ts';
import { decideBatch } from './handlers/decide-batch.ts';
import { explain } from './handlers/explain.ts';
import { listPolicies } from './handlers/list-policies.ts';
import { ownOperators } from './handlers/operators.ts';
import { readPolicyBook } from './policy-book.ts';
import { devicesFrom } from './signals/devices.ts';
import { entitlementsFrom } from './signals/entitlements.ts';
import { householdsFrom } from './signals/households.ts';
import { notingSilence } from './signals/sources.ts';
import { titlesFrom } from './signals/titles.ts';

/** Who decides before they serve, show or change something. */
const ASKERS = [
  'gateway',
  'graph',
  'playback',
  'studio',
  'home',
  'catalog',
  'identity',
  'membership',
  'billing',
  'plans',
  'strings',
  'mail',
  'control',
  'regions',
  'discovery',
];

/** Who may do what. */
export const access = unit({
  name: 'access',
  needs: { log: port<Log>('log'), rpc: port<RpcHost>('rpc'), passports: port<Passports>('passports') },
  gives: {},
  async start({ log, rpc, passports }, context) {
    const config = readConfig(context.environment);
    const nowMs = Date.now;
    const own = rpc.as('access');
    const { metrics } = context;
    const decisionCount = metrics.counter('bioscope_access_decisions_total', 'Decisions by outcome', ['action', 'outcome']);
    const source = { nowMs, deadlineMs: config.sourceDeadlineMs, silent: notingSilence({ log: context.log, metrics, nowMs }) };
    const book = await readPolicyBook(config.policyFolder);
    const parts: AccessParts = {
      book,
      entitlements: entitlementsFrom(own, source),
      households: householdsFrom(own, source),
      devices: devicesFrom(own, source),
      titles: titlesFrom(own, source),
      decisions: decisionLog({ log, metrics, logger: context.log }),
      config,
      nowMs,
      chance: Math.random,
      count: (action, outcome, by) => decisionCount.add({ action, outcome }, by),
      log: context.log,
    };
    // One process of several hears of each change; the others see it when their answer is no longer fresh.
    const forgetting = [
      { topic: MEMBERSHIP_TOPIC, forget: parts.entitlements.forget },
      { topic: PROFILES_TOPIC, forget: parts.households.forget },
      { topic: REVOCATIONS_TOPIC, forget: parts.devices.forget },
      { topic: TITLES_TOPIC, forget: parts.titles.forget },
    ].map(({ topic, forget }) =>
      log.subscribe({ topic, group: 'access', from: 'latest' }, async (records) => {
        for (const { key } of records) forget(key);
      }),
    );
    const asks = passports.readerFor('access');
    const operators = ownOperators(parts, asks);
    own.serve(
      AccessService,
      {
        decide: (request, call) => decide(parts, request, asks(call), call),
        decideBatch: (request, call) => decideBatch(parts, request, asks(call), call),
        explain: operators.only('policies', (request, call) => explain(parts, request, call)),
        listPolicies: operators.only('policies', () => listPolicies(parts)),
      },
      { '*': ASKERS, explain: ['gateway', 'graph'], listPolicies: ['gateway', 'graph'] },
    );
    context.log.info({ policies: book.files.flatMap(({ policyIds }) => policyIds).length, version: book.version }, 'policies are in force');
    return {
      gives: {},
      async stop() {
        await Promise.all(forgetting.map((subscription) => subscription.close()));
        await parts.decisions.close();
      },
    };
  },
});
