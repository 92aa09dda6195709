import { port, unit } from '@bioscope/host';
import { IdentityService } from '@bioscope/identity/contract';
import type { Log } from '@bioscope/log';
import type { RpcHost } from '@bioscope/rpc';
import type { AccessTokens, PassportOffice } from '@bioscope/passport';
import { createAccessLog } from './access-log.ts';
import { readConfig } from './config.ts';
import { openCountries } from './countries.ts';
import { startNodeEngine } from './engine/node-engine.ts';
import { followRevocations } from './follow-revocations.ts';
import { compileChain } from './filters/chain.ts';
import { inboundFilters } from './filters/inbound.ts';
import { outboundFilters } from './filters/outbound.ts';
import { createOrigins } from './origins.ts';
import { createRevocations } from './revocations.ts';
import { createRouteFinder } from './routes/find-route.ts';
import { ROUTES } from './routes/route-table.ts';

/** Where the gateway listens: `host:port`, known once it has started. */
export type GatewayAddress = { readonly address: string };

/** The front door: one port, four virtual hosts. */
export const gateway = unit({
  name: 'gateway',
  needs: {
    rpc: port<RpcHost>('rpc'),
    log: port<Log>('log'),
    passportOffice: port<PassportOffice>('passportOffice'),
    accessTokens: port<AccessTokens>('accessTokens'),
  },
  gives: { gateway: port<GatewayAddress>('gateway') },
  async start({ rpc, log: events, passportOffice, accessTokens }, { environment, log, metrics }) {
    const config = readConfig(environment);
    const { suffix, operatorToken, cdnOrigins, underWayMax, mayHaveFaults } = config;
    const own = rpc.as('gateway');
    const origins = createOrigins({ rpc: own, underWayMax });
    const accessLog = createAccessLog({ log, metrics, origins });
    const finder = createRouteFinder(
      ROUTES.map((route) => ({ ...route, headTimeoutMs: Math.min(route.headTimeoutMs, config.headTimeoutMsMax) })),
    );
    const revocations = createRevocations(Date.now);
    const following = followRevocations({
      revocations,
      log: events,
      identity: own.client(IdentityService),
      instance: config.instance,
      nowMs: Date.now,
      logger: log,
    });
    const countries = await openCountries({ otherwise: config.country, table: config.countryTable });
    const inbound = inboundFilters({ suffix, operatorToken, finder, accessTokens, revocations, passportOffice, countries, mayHaveFaults });
    const engine = await startNodeEngine({
      listen: config,
      chain: compileChain(inbound, outboundFilters({ suffix, cdnOrigins })),
      origins,
      finished: (exchange) => accessLog.record(exchange),
    });
    log.info({ address: engine.address }, 'the gateway listens');
    return {
      gives: { gateway: { address: engine.address } },
      drain: (deadline) => engine.drain(deadline),
      async stop() {
        await engine.close();
        await following.close();
        await origins.close();
      },
    };
  },
});
