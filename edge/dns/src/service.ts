import { readFile } from 'node:fs/promises';
import { port, unit } from '@bioscope/host';
import type { RpcHost } from '@bioscope/rpc';
import { ExplainService } from '../contract/index.ts';
import { readConfig } from './config.ts';
import { explain } from './handlers/explain.ts';
import { startNameServer } from './name-server.ts';
import { openSteering } from './open-steering.ts';
import { createAnswered } from './transport/answered.ts';
import { ownZoneFile } from './zone/own-zone.ts';
import { parseZoneFile } from './zone/zone-file.ts';
import { buildZone } from './zone/zone.ts';

export { explanationLines } from './explanation-lines.ts';
export { gdnsdFromSettings } from './steer/gdnsd-from-settings.ts';
export type { GdnsdFiles, GdnsdZone } from './steer/export-gdnsd.ts';

/** Where the name server answers: the same port by UDP and TCP on every address, known once it has started. */
export type DnsAddress = { readonly addresses: readonly string[]; readonly port: number; readonly zone: string };

const FLUSH_EVERY_MS = 1_000;
/** One line a second at most: a fault on every query would otherwise fill the disk. */
const FAULT_LINE_EVERY_MS = 1_000;

/** The name server of the service's zone. */
export const dns = unit({
  name: 'dns',
  needs: { rpc: port<RpcHost>('rpc') },
  gives: { dns: port<DnsAddress>('dns') },
  async start({ rpc }, { environment, log, metrics }) {
    const config = readConfig(environment);
    const text = config.zoneFile === '' ? ownZoneFile(config) : await readFile(config.zoneFile, 'utf8');
    const zone = buildZone(config.zone, parseZoneFile(text, config.zone), config.steeredNames);
    const own = rpc.as('dns');
    const { steering, ...opened } = await openSteering({ config, rpc: own, log, environment });
    const answered = createAnswered(metrics);
    let faultAtMs = 0;
    const server = await startNameServer(
      {
        ...config,
        zone,
        steering,
        answered,
        nowMs: Date.now,
        onFault(cause) {
          if (Date.now() - faultAtMs < FAULT_LINE_EVERY_MS) return;
          faultAtMs = Date.now();
          log.error({ err: cause }, 'a query could not be answered');
        },
      },
      config,
    );
    const flushing = setInterval(() => answered.flush(), FLUSH_EVERY_MS).unref();
    own.serve(ExplainService, { explain: explain({ zone, steering }) }, { '*': ['*'] });
    const { addresses } = config;
    log.info({ addresses, port: server.port, zone: config.zone }, 'the name server answers');
    return {
      gives: { dns: { addresses, port: server.port, zone: config.zone } },
      async stop() {
        clearInterval(flushing);
        await server.close();
        await opened.close();
        answered.flush();
      },
    };
  },
});
