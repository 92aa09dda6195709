import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startHost } from '@bioscope/host';
import type { Host } from '@bioscope/host';
import { port, unit } from '@bioscope/host';
import { createPicture, createRpcHost } from '@bioscope/rpc';
import type { Picture, RpcHost, RunningRpcHost } from '@bioscope/rpc';
import { EchoService } from '@bioscope/rpc/contract';
import { createTelemetry } from '@bioscope/telemetry';
import { DiscoveryService } from '../contract/index.ts';
import { discovery, joinDiscovery } from '../src/service.ts';
import type { Joined } from '../src/service.ts';

const secret = randomBytes(32).toString('hex');
const telemetry = createTelemetry({ process: 'test', processMetrics: false, sink: { write: () => undefined } });

type Process = { host: RunningRpcHost; picture: Picture; joined: Joined };

async function rpcHost(units: string[], picture: Picture, zone = 'a', port = 0): Promise<RunningRpcHost> {
  const { log, metrics } = telemetry;
  return createRpcHost({ secret, units, zone, region: 'local', listen: { host: '127.0.0.1', port }, discovery: picture, log, metrics });
}

/** Discovery as a process of its own, at a chosen port when it comes back. */
async function startRegistry(
  test: TestContext,
  at = 0,
): Promise<{ address: string; drain: () => Promise<void>; kill: () => Promise<void> }> {
  const host = await rpcHost(['discovery'], createPicture(), 'a', at);
  const rpc = unit({ name: 'rpc', needs: {}, gives: { rpc: port<RpcHost>('rpc') }, start: async () => ({ gives: { rpc: host } }) });
  const hosted: Host = await startHost({
    name: 'registry',
    units: [rpc, discovery],
    environment: {},
    telemetry,
    startDeadlineMs: 5_000,
    drainDeadlineMs: 1_000,
  });
  const kill = async (): Promise<void> => {
    await host.close();
    await hosted.stop();
  };
  test.after(kill);
  return { address: host.address, drain: () => hosted.stop(), kill };
}

async function startProcess(test: TestContext, registry: string, units: string[], zone = 'a'): Promise<Process> {
  const picture = createPicture([{ service: 'discovery', address: registry }]);
  const host = await rpcHost(units, picture, zone);
  const joined = joinDiscovery({ host, picture, log: telemetry.log });
  test.after(async () => {
    await joined.stop();
    await host.close();
  });
  return { host, picture, joined };
}

function serveEcho(host: RunningRpcHost): void {
  const echo = (): { text: string } => ({ text: host.instanceId });
  host.as('echo').serve(EchoService, { echo, fail: () => ({}) }, { '*': ['web'] });
}

async function until(what: string, condition: () => boolean): Promise<void> {
  const end = performance.now() + 8_000;
  while (!condition()) {
    assert(performance.now() < end, `in vain waited for: ${what}`);
    await sleep(5);
  }
}

const ids = (process: Process): string[] => process.picture.instances('echo').map((instance) => instance.instanceId);

describe('discovery', () => {
  it('lets units find each other once they serve, and not before', async (test) => {
    const registry = await startRegistry(test);
    const caller = await startProcess(test, registry.address, ['web']);
    const server = await startProcess(test, registry.address, ['echo']);
    await until('the first picture', () => server.picture.instances('discovery').length > 0);
    assert.deepEqual(ids(caller), []);
    const early = caller.host.as('web').client(EchoService).echo({});
    serveEcho(server.host);
    assert.equal((await early).text, server.host.instanceId);
  });

  it('pushes a withdrawal at once', async (test) => {
    const registry = await startRegistry(test);
    const caller = await startProcess(test, registry.address, ['web']);
    const server = await startProcess(test, registry.address, ['echo']);
    serveEcho(server.host);
    await until('arrival', () => ids(caller).length === 1);
    const startedMs = performance.now();
    await server.joined.withdraw();
    await until('departure', () => ids(caller).length === 0);
    assert(performance.now() - startedMs < 1_000, 'well before the lease of 3 s would have run out');
  });

  it('forgets an instance that died without a word when its lease ends', async (test) => {
    const registry = await startRegistry(test);
    const caller = await startProcess(test, registry.address, ['web']);
    const server = await startProcess(test, registry.address, ['echo']);
    serveEcho(server.host);
    await until('arrival', () => ids(caller).length === 1);
    await server.joined.stop();
    await until('departure', () => ids(caller).length === 0);
  });

  it('leaves callers the last picture when it dies, and does not disturb it when it comes back empty', async (test) => {
    const registry = await startRegistry(test);
    const caller = await startProcess(test, registry.address, ['web']);
    const server = await startProcess(test, registry.address, ['echo']);
    serveEcho(server.host);
    await until('arrival', () => ids(caller).length === 1);
    await registry.kill();
    const client = caller.host.as('web').client(EchoService);
    assert.equal((await client.echo({})).text, server.host.instanceId);

    let gaps = 0;
    caller.picture.onChange(() => {
      if (ids(caller).length === 0) gaps += 1;
    });
    await startRegistry(test, Number(registry.address.split(':')[1]));
    const late = await startProcess(test, registry.address, ['echo']);
    serveEcho(late.host);
    await until('the second instance beside the first', () => ids(caller).length === 2);
    assert.equal(gaps, 0);
  });

  it('sends watchers elsewhere when it drains', async (test) => {
    const registry = await startRegistry(test);
    const caller = await startProcess(test, registry.address, ['web']);
    await until('the registry in its own picture', () => caller.picture.instances('discovery').length > 0);
    const client = caller.host.as('web').client(DiscoveryService);
    const { copy, version } = await client.watch({});
    const waiting = client.watch({ knownCopy: copy, knownVersion: version, waitMs: 20_000 }, { deadlineMs: 25_000 });
    const refused = assert.rejects(waiting, { code: 'unavailable', message: /going away/ });
    await registry.drain();
    await refused;
  });

  it('does not let a unit register another unit, or take it out', async (test) => {
    const registry = await startRegistry(test);
    const caller = await startProcess(test, registry.address, ['web']);
    const server = await startProcess(test, registry.address, ['echo']);
    serveEcho(server.host);
    await until('arrival', () => ids(caller).length === 1);
    const client = caller.host.as('web').client(DiscoveryService);
    const posing = { service: 'echo', instanceId: 'x', address: '127.0.0.1:1', zone: 'a', region: 'local', load: 0 };
    await assert.rejects(client.renew({ instances: [posing], leaseMs: 3_000, sequence: 1 }), {
      code: 'invalid_argument',
      message: /^service: /,
    });
    await assert.rejects(client.renew({ instances: [{ ...posing, service: 'web', address: 'nowhere' }], leaseMs: 3_000, sequence: 1 }), {
      code: 'invalid_argument',
      message: /^address: /,
    });
    await client.withdraw({ instanceId: server.host.instanceId, sequence: 1 });
    assert.equal((await client.watch({})).instances.length, 1);
  });
});
