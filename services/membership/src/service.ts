import { randomUUID } from 'node:crypto';
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

import { MEMBERSHIP_TOPIC, MembershipService } from '../contract/index.ts';
import { answering } from './answers.ts';
import { changeMember } from './change-member.ts';
import { readConfig } from './config.ts';
import { membershipResolvers } from './graph.ts';
import { ownerGuard } from './owner-guard.ts';
import type { MembershipParts } from './handlers/context.ts';
import { cancel, cancelPlanChange, changePlan, getOwnMembership, undoCancel } from './handlers/members.ts';
import { advanceClock, endMembership, listTimeline, showMembership } from './handlers/operators.ts';
import { activate, beginTrial, catchUp, choosePlan, renew, reportPaymentFailed } from './handlers/payments.ts';
import { getEntitlement, getMembership } from './handlers/services.ts';
import { offersOf } from './offers.ts';
import { MEMBERS_NAMESPACE, membersStore } from './store.ts';

/** The life of every member. */
export const membership = unit({
  name: 'membership',
  needs: { kv: port<KvStore>('kv'), log: port<Log>('log'), rpc: port<RpcHost>('rpc'), passports: port<Passports>('passports') },
  gives: {},
  async start({ kv, log, rpc, passports }, context) {
    const own = rpc.as('membership');
    const store = membersStore(kv);
    const nowMs = Date.now;
    const parts: MembershipParts = {
      store,
      change: changeMember({ store, nowMs }),
      offers: offersOf(own),
      config: readConfig(context.environment),
      nowMs,
      newId: randomUUID,
    };
    const asks = passports.readerFor('membership');
    const access = own.client(AccessService);
    const operators = operatorGuard(access);
    const relaying = relay(kv, log, {
      namespace: MEMBERS_NAMESPACE,
      topic: MEMBERSHIP_TOPIC,
      failed: (err) => context.log.warn({ err }, 'what happened to members could not be announced yet'),
    });
    const handlers: Handlers<typeof MembershipService> = {
      getOwnMembership: (_, call) => answering(() => getOwnMembership(parts, asks(call))),
      cancel: (request, call) => answering(() => cancel(parts, request, asks(call))),
      undoCancel: (request, call) => answering(() => undoCancel(parts, request, asks(call))),
      changePlan: (request, call) => answering(() => changePlan(parts, request, asks(call), call)),
      cancelPlanChange: (request, call) => answering(() => cancelPlanChange(parts, request, asks(call))),
      getEntitlement: (request) => answering(() => getEntitlement(parts, request)),
      getMembership: (request) => answering(() => getMembership(parts, request)),
      choosePlan: (request) => answering(() => choosePlan(parts, request)),
      beginTrial: (request) => answering(() => beginTrial(parts, request)),
      activate: (request) => answering(() => activate(parts, request)),
      renew: (request) => answering(() => renew(parts, request)),
      reportPaymentFailed: (request) => answering(() => reportPaymentFailed(parts, request)),
      catchUp: (request) => answering(() => catchUp(parts, request)),
      showMembership: operators.only('members', (request) => answering(() => showMembership(parts, request))),
      endMembership: operators.only('members', (request, call) => answering(() => endMembership(parts, request, asks(call)))),
      listTimeline: operators.only('members', (request) => answering(() => listTimeline(parts, request))),
      advanceClock: operators.only('members', (request) => answering(() => advanceClock(parts, request))),
    };
    own.serve(MembershipService, handlers, {
      '*': ['gateway', 'graph'],
      // They name an account, so nobody from outside may reach them.
      getEntitlement: READERS,
      getMembership: READERS,
      choosePlan: ['billing'],
      beginTrial: ['billing'],
      activate: ['billing'],
      renew: ['billing'],
      reportPaymentFailed: ['billing'],
      catchUp: ['billing'],
    });
    const graph = serveGraph(own, {
      unit: 'membership',
      sdl: readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'),
      resolvers: membershipResolvers(ownMethods(MembershipService, handlers), ownerGuard(access)),
      askerOf: asks,
      loaders: () => null,
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

const READERS = ['access', 'billing', 'identity', 'playback', 'home'];
