import { randomBytes, randomUUID } from 'node:crypto';
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

import { BILLING_TOPIC, BillingService } from '../contract/index.ts';
import { advanceAccount } from './advance-account.ts';
import { answering } from './answers.ts';
import { readConfig } from './config.ts';
import { followMembers } from './follow-members.ts';
import { billingResolvers } from './graph.ts';
import { ownerGuard } from './owner-guard.ts';
import { getOwnBilling, listOwnInvoices, showBilling } from './handlers/show-billing.ts';
import { startMembership } from './handlers/start-membership.ts';
import { confirmPayment, updateCard } from './handlers/update-card.ts';
import { hearProcessor } from './hear-processor.ts';
import { membershipsOf } from './memberships.ts';
import type { BillingParts } from './parts.ts';
import { sandboxStore } from './sandbox/sandbox-store.ts';
import { sandbox } from './sandbox/sandbox.ts';
import { serveSandbox } from './sandbox/serve-sandbox.ts';
import { ACCOUNTS_NAMESPACE, billingStore } from './store.ts';
import { wakeups } from './wakeups.ts';

const NEEDS = {
  kv: port<KvStore>('kv'),
  log: port<Log>('log'),
  rpc: port<RpcHost>('rpc'),
  passports: port<Passports>('passports'),
} as const;

/** Payment methods, charges, periods, invoices; and the sandbox that stands in for a processor. */
export const billing = billingUnit({ reached: () => undefined });

/** `reached` is told of every step that lasts: where a test ends the process. */
export function billingUnit({ reached }: Pick<BillingParts, 'reached'>) {
  return unit({
    name: 'billing',
    needs: NEEDS,
    gives: {},
    async start({ kv, log, rpc, passports }, context) {
      const config = readConfig(context.environment);
      const own = rpc.as('billing');
      const nowMs = Date.now;
      const newId = (): string => randomBytes(ID_BYTES).toString('base64url');
      const processor = sandbox({ store: sandboxStore(kv), nowMs, newId, charged: () => reached('charged') });
      const waking = wakeups({ kv, nowMs, holder: randomUUID(), wake: (accountId) => advanceAccount(parts, accountId), log: context.log });
      const parts: BillingParts = {
        store: billingStore(kv),
        memberships: membershipsOf(own),
        processor,
        wakeups: waking,
        config,
        nowMs,
        reached,
        log: context.log,
      };
      hearProcessor(parts);
      context.log.info({}, 'payments are played by the sandbox: it takes test cards and moves no money');
      const following = followMembers(parts, log);
      const relaying = relay(kv, log, {
        namespace: ACCOUNTS_NAMESPACE,
        topic: BILLING_TOPIC,
        failed: (err) => context.log.warn({ err }, 'what happened to money could not be announced yet'),
      });
      const asks = passports.readerFor('billing');
      const access = own.client(AccessService);
      const operators = operatorGuard(access);
      const handlers: Handlers<typeof BillingService> = {
        startMembership: (request, call) => answering(() => startMembership(parts, request, asks(call), call)),
        confirmPayment: (request, call) => answering(() => confirmPayment(parts, request, asks(call), call)),
        updateCard: (request, call) => answering(() => updateCard(parts, request, asks(call), call)),
        getOwnBilling: (_, call) => answering(() => getOwnBilling(parts, asks(call))),
        listOwnInvoices: (_, call) => answering(() => listOwnInvoices(parts, asks(call))),
        showBilling: operators.only('money', (request) => answering(() => showBilling(parts, request))),
      };
      own.serve(BillingService, handlers, { '*': ['gateway', 'graph'] });
      const graph = serveGraph(own, {
        unit: 'billing',
        sdl: readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'),
        resolvers: billingResolvers(ownMethods(BillingService, handlers), ownerGuard(access)),
        askerOf: asks,
        loaders: () => null,
        registry: own.client(RegistryService),
        log: context.log,
        version: config.release,
      });
      own.mount('/sandbox', serveSandbox(processor), ['gateway']);
      return {
        gives: {},
        async stop() {
          await graph.close();
          await following.close();
          await relaying.close();
          processor.close();
          await waking.close();
        },
      };
    },
  });
}

/** Tokens and challenges are guessed by nobody. */
const ID_BYTES = 18;
