import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import { createTelemetry } from '@bioscope/telemetry';
import { createPicture, createRpcHost } from '../src/index.ts';
import type { DiscoveryView, RpcHostOptions, RunningRpcHost } from '../src/index.ts';

export const SECRET = randomBytes(32).toString('hex');

export const silent = createTelemetry({ process: 'test', processMetrics: false, sink: { write: () => undefined } });

/** A host on loopback that is closed with the test. */
export async function startHost(
  test: Pick<TestContext, 'after'>,
  units: readonly string[],
  options: { discovery?: DiscoveryView } & Partial<RpcHostOptions> = {},
): Promise<RunningRpcHost> {
  const host = await createRpcHost({
    secret: SECRET,
    units,
    zone: 'a',
    region: 'local',
    listen: { host: '127.0.0.1', port: 0 },
    discovery: createPicture(),
    log: silent.log,
    metrics: silent.metrics,
    ...options,
  });
  test.after(() => host.close());
  return host;
}

/** A host that calls as "web" what runs at `addresses`. */
export function startCaller(
  test: Pick<TestContext, 'after'>,
  addresses: Record<string, string>,
  options: Partial<RpcHostOptions> = {},
): Promise<RunningRpcHost> {
  const discovery = createPicture(Object.entries(addresses).map(([service, address]) => ({ service, address })));
  return startHost(test, ['web'], { discovery, ...options });
}
