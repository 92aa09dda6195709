import { port, unit } from '@bioscope/host';
import { IdentityService } from '@bioscope/identity/contract';
import type { Log } from '@bioscope/log';
import type { RpcHost } from '@bioscope/rpc';
import type { AccessTokens, PassportOffice } from '@bioscope/passport';
import { createAccessLog } from './access-log.ts';
import { createBridge } from './bridge/bridge.ts';
import { planBridge } from './bridge/decide-bridge.ts';
import { takeOver } from './bridge/take-over.ts';
import { readConfig } from './config.ts';
import { openCountries } from './countries.ts';
import { isListening } from './engine/is-listening.ts';
import { startNodeEngine } from './engine/node-engine.ts';
import { followRevocations } from './follow-revocations.ts';
import { compileChain } from './filters/chain.ts';
import { inboundFilters } from './filters/inbound.ts';
import { outboundFilters } from './filters/outbound.ts';
import { createOrigins } from './origins.ts';
import { followRegions } from './regions/follow-regions.ts';
import { createLoad } from './regions/load.ts';
import { reportHealth } from './regions/report-health.ts';
import { createTally } from './regions/tally.ts';
import { createRevocations } from './revocations.ts';
import { createRouteFinder } from './routes/find-route.ts';
import { ROUTES } from './routes/route-table.ts';
import { openCertificates } from './tls/open-certificates.ts';

/** Where the gateway listens: `host:port`, known once it has started; `secureAddress` with TLS, where it does. */
export type GatewayAddress = { readonly address: string; readonly secureAddress?: string };

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
    const { suffix, operatorToken, cdnOrigins, underWayMax, mayHaveFaults, region, zone } = config;
    const own = rpc.as('gateway');
    const nowMs = (): number => performance.now();
    const origins = createOrigins({ rpc: own, underWayMax });
    const bridge = createBridge({ rpc: own, nowMs, random: Math.random });
    const accessLog = createAccessLog({ log, metrics, origins });
    const tally = createTally();
    const finder = createRouteFinder(
      ROUTES.map((route) => ({ ...route, headTimeoutMs: Math.min(route.headTimeoutMs, config.headTimeoutMsMax) })),
    );
    const revocations = createRevocations(Date.now);
    const followingRevocations = followRevocations({
      revocations,
      log: events,
      identity: own.client(IdentityService),
      instance: config.instance,
      nowMs: Date.now,
      logger: log,
    });
    const countries = await openCountries({ otherwise: config.country, table: config.countryTable });
    const certificates = config.secure && (await openCertificates({ tls: config.secure.tls, suffix, log }));
    let securePort: number | undefined;
    const inbound = inboundFilters({
      suffix,
      operatorToken,
      finder,
      accessTokens,
      revocations,
      passportOffice,
      countries,
      mayHaveFaults,
      securePort: () => securePort,
    });
    const engine = await startNodeEngine({
      listen: config,
      secure: config.secure && certificates && { listen: { ...config, port: config.secure.port }, certificates },
      chain: compileChain(inbound, outboundFilters({ suffix, cdnOrigins, isPublicTls: config.secure?.tls.kind === 'files' })),
      origins,
      bridge,
      handoverOf: ({ clientAddress, scheme, requestId, traceparent }) => ({
        from: region,
        clientAddress,
        scheme,
        requestId,
        traceparent,
        ...countries.of(clientAddress),
      }),
      finished(exchange) {
        accessLog.record(exchange);
        tally.record(exchange);
      },
    });
    takeOver(own, engine);
    const following = [
      followingRevocations,
      followRegions({ rpc: own, logger: log, onPicture: ({ regions }) => bridge.follow(planBridge(region, regions)) }),
    ];
    const place = { region, zone, address: config.publicAddress || engine.address };
    const load = createLoad({ underWay: (host) => origins.underWay(host) / underWayMax[host] });
    const reports = reportHealth({ rpc: own, logger: log, place, tally, load, nowMs });
    const { address, secureAddress } = engine;
    if (secureAddress !== undefined) securePort = Number(secureAddress.slice(secureAddress.lastIndexOf(':') + 1));
    log.info({ address, secureAddress }, 'the gateway listens');
    return {
      gives: { gateway: { address, ...(secureAddress === undefined ? {} : { secureAddress }) } },
      async drain(deadline) {
        await engine.stopAccepting();
        // Where another process took over, the door stays, and the other one reports it.
        const isTakenOver = config.sharesPort && (await isListening(address));
        if (isTakenOver) reports.close();
        await Promise.all([engine.drain(deadline), isTakenOver ? undefined : reports.leave()]);
      },
      async stop() {
        reports.close();
        await engine.close();
        certificates?.close();
        await Promise.all(following.map((each) => each.close()));
        await bridge.close();
        await origins.close();
      },
    };
  },
});
