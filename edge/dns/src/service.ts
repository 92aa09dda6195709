import { readFile } from 'node:fs/promises';
import { port, unit } from '@bioscope/host';
import type { Health } from '@bioscope/host';
import type { RpcHost } from '@bioscope/rpc';
import type { Logger } from '@bioscope/telemetry';
import { ExplainService } from '../contract/index.ts';
import { readConfig } from './config.ts';
import { explain } from './handlers/explain.ts';
import { startNameServer } from './name-server.ts';
import { openSteering } from './open-steering.ts';
import type { ClientNetwork, Steering } from './steer/port.ts';
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

const EVERYBODY: ClientNetwork = { family: 1, address: new Uint8Array(4), sourcePrefix: 0, from: 'resolver' };

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
    const server = await startNameServer({ ...config, zone, steering, answered, nowMs: Date.now, onFault: faultLog(log) }, config).catch(
      async (error: unknown) => {
        await opened.close();
        throw error;
      },
    );
    const flushing = setInterval(() => answered.flush(), FLUSH_EVERY_MS).unref();
    own.serve(ExplainService, { explain: explain({ zone, steering }) }, { '*': ['*'] });
    const { addresses } = config;
    log.info({ addresses, port: server.port, zone: config.zone }, 'the name server answers');
    return {
      gives: { dns: { addresses, port: server.port, zone: config.zone } },
      health: () => healthOf(steering, config.steeredNames),
      async stop() {
        clearInterval(flushing);
        await server.close();
        await opened.close();
        answered.flush();
      },
    };
  },
});

function faultLog(log: Logger): (cause: unknown) => void {
  let lastMs = 0;
  return (cause) => {
    if (Date.now() - lastMs < FAULT_LINE_EVERY_MS) return;
    lastMs = Date.now();
    log.error({ err: cause }, 'a query could not be answered');
  };
}

/** Whoever asks about everybody gets an answer as well: that is how one sees whether there is any. */
function healthOf(steering: Steering, names: readonly string[]): Health {
  const silent = names.filter((name) => steering.answer(name, EVERYBODY).records.length === 0);
  return silent.length === 0 ? { kind: 'well' } : { kind: 'ill', because: `steering knows no address for ${silent.join(', ')}` };
}
