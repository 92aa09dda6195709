import { Resolver } from 'node:dns/promises';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { port, startHost, unit } from '@bioscope/host';
import { createPicture, createRpcHost } from '@bioscope/rpc';
import type { Client, Pinned, RpcHost, RunningRpcHost } from '@bioscope/rpc';
import { createTelemetry } from '@bioscope/telemetry';
import { ExplainService } from '../contract/index.ts';
import { dns } from '../src/service.ts';
import type { DnsAddress } from '../src/service.ts';

export type RunningUnit = {
  /** Asks only this name server. */
  readonly resolver: Resolver;
  readonly explain: Client<typeof ExplainService>;
  isWell(): boolean;
  readonly stop: () => Promise<void>;
};

/** The whole unit on a free port, which knows those pinned. */
export async function startDnsUnit(environment: Record<string, string>, pinned: readonly Pinned[] = []): Promise<RunningUnit> {
  const host = await startRpcHost(['dns', 'cli'], pinned);
  const rpc = unit({ name: 'rpc', needs: {}, gives: { rpc: port<RpcHost>('rpc') }, start: async () => ({ gives: { rpc: host } }) });
  let where: DnsAddress | undefined;
  const asker = unit({
    name: 'asker',
    needs: { dns: port<DnsAddress>('dns') },
    gives: {},
    async start(needs) {
      where = needs.dns;
      return { gives: {} };
    },
  });
  const telemetry = createTelemetry({ process: 'test', processMetrics: false, sink: { write: () => undefined } });
  const hosted = await startHost({
    name: 'test',
    units: [rpc, dns, asker],
    environment: { BIOSCOPE_DNS_PORT: '0', ...environment },
    telemetry,
    startDeadlineMs: 5_000,
    drainDeadlineMs: 1_000,
  }).catch(async (error: unknown) => {
    await host.close();
    throw error;
  });
  const resolver = new Resolver({ timeout: 2_000, tries: 1 });
  resolver.setServers([`127.0.0.1:${where?.port}`]);
  return {
    resolver,
    explain: host.as('cli').client(ExplainService),
    isWell: () => hosted.report().well,
    async stop() {
      await hosted.stop();
      await host.close();
    },
  };
}

/** One more process, so to say, that trusts the unit above. It finds itself. */
export async function startRpcHost(units: readonly string[], pinned: readonly Pinned[] = []): Promise<RunningRpcHost> {
  const telemetry = createTelemetry({ process: 'test', processMetrics: false, sink: { write: () => undefined } });
  const discovery = createPicture(pinned);
  const host = await createRpcHost({
    ...telemetry,
    secret: 'ab'.repeat(32),
    units,
    zone: '1',
    region: 'a',
    listen: { host: '127.0.0.1', port: 0 },
    discovery,
  });
  for (const service of units) discovery.pin({ service, address: host.address });
  return host;
}

export async function tempFolder(test: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bioscope-dns-'));
  test.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
