import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { AccessService } from '@bioscope/access/contract';
import { operatorGuard } from '@bioscope/access/contract/operator-guard';
import { ownMethods, serveGraph } from '@bioscope/graph';
import { port, unit } from '@bioscope/host';
import type { KvStore } from '@bioscope/kv';
import { relay, type Log } from '@bioscope/log';
import { MailService } from '@bioscope/mail/contract';
import { MembershipService } from '@bioscope/membership/contract';
import type { AccessTokens, Passports } from '@bioscope/passport';
import { RegistryService } from '@bioscope/registry/contract';
import type { RpcHost } from '@bioscope/rpc';

import { IdentityService, PROFILES_TOPIC, REVOCATIONS_TOPIC } from '../contract/index.ts';
import { readConfig } from './config.ts';
import { identityResolvers } from './graph.ts';
import { serveSession } from './door/serve-session.ts';
import { followAccounts } from './follow-accounts.ts';
import { openHashing } from './hashing.ts';
import { openLimits } from './limits.ts';
import { planTiers } from './plan-tier.ts';
import type { IdentityParts } from './parts.ts';
import { CALLERS, identityHandlers } from './rpc-handlers.ts';
import { accountStore } from './store/accounts.ts';
import { announcements, PROFILES_NAMESPACE, REVOCATIONS_NAMESPACE } from './store/announcements.ts';
import { emailClaims } from './store/email-claims.ts';
import { emailIndex } from './store/email-index.ts';
import { oneTimeStore } from './store/one-time.ts';
import { operators } from './store/operators.ts';
import { sessionStore } from './store/sessions.ts';

/** Accounts, credentials, devices, sessions, profiles. */
export const identity = unit({
  name: 'identity',
  needs: {
    kv: port<KvStore>('kv'),
    log: port<Log>('log'),
    rpc: port<RpcHost>('rpc'),
    passports: port<Passports>('passports'),
    accessTokens: port<AccessTokens>('accessTokens'),
  },
  gives: {},
  async start({ kv, log, rpc, passports, accessTokens }, context) {
    const own = rpc.as('identity');
    const parts: IdentityParts = {
      config: readConfig(context.environment),
      accounts: accountStore(kv),
      emails: emailClaims(kv, randomUUID),
      emailIndex: emailIndex(kv),
      oneTime: oneTimeStore(kv),
      operators: operators(kv),
      sessions: sessionStore(kv, randomUUID),
      announcements: announcements(kv),
      hashing: openHashing({ random: randomBytes }),
      accessTokens,
      planTierOf: planTiers({ membership: own.client(MembershipService), log: context.log }),
      mail: own.client(MailService),
      limits: openLimits(),
      nowMs: Date.now,
      newId: randomUUID,
      random: randomBytes,
      log: context.log,
    };
    const following = await followAccounts({ ...parts, kv });
    // An event that this release cannot read: going on without it would leave tokens good that were revoked.
    following.ended.catch((cause: unknown) => context.crash(cause));
    const failed = (err: unknown): void => context.log.warn({ err }, 'what happened in identity could not be announced yet');
    const relays = [
      relay(kv, log, { namespace: PROFILES_NAMESPACE, topic: PROFILES_TOPIC, failed }),
      relay(kv, log, { namespace: REVOCATIONS_NAMESPACE, topic: REVOCATIONS_TOPIC, failed }),
    ];
    const asks = passports.readerFor('identity');
    const handlers = identityHandlers(parts, { asks, operators: operatorGuard(own.client(AccessService)) });
    own.serve(IdentityService, handlers, CALLERS);
    const graph = serveGraph(own, {
      unit: 'identity',
      sdl: readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'),
      resolvers: identityResolvers(ownMethods(IdentityService, handlers)),
      askerOf: asks,
      loaders: () => null,
      registry: own.client(RegistryService),
      log: context.log,
      version: parts.config.release,
    });

    own.mount('/session', serveSession(parts), ['gateway']);
    return {
      gives: {},
      async stop() {
        await graph.close();
        await following.close();
        await Promise.all(relays.map((each) => each.close()));
      },
    };
  },
});
