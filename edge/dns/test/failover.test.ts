import assert from 'node:assert/strict';
import type { Resolver } from 'node:dns/promises';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { RegionsService, RegionState } from '@bioscope/regions/contract';
import { RpcError } from '@bioscope/rpc';
import type { Handlers } from '@bioscope/rpc';
import { startDnsUnit, startRpcHost, tempFolder } from './running-unit.ts';
import type { RunningUnit } from './running-unit.ts';

type PictureInit = MessageInitShape<typeof RegionsService.method.getPicture.output>;

/** What is allowed for: the picture's way to the name server, and a look too early. */
const BEYOND_TTL_MS = 5_000;
const TTL_SECONDS = 1;

describe('a region that goes', () => {
  it('is gone for a resolver that keeps answers as long as it may, at most TTL + 5 s later, and comes back', async (test) => {
    const folder = await tempFolder(test);
    const regions = await startRegions(test, pictureOf(1, { a: 1, b: 1 }));
    const { resolver, stop, ...running } = await startDns(folder, regions.address);
    test.after(() => stop());
    const keeping = cachingResolver(resolver);
    await until(async () => (await keeping()).startsWith('127.1.'));
    assert.equal(running.isWell(), true);
    const steps = [
      { weights: { a: 0, b: 1 }, now: '127.2.' },
      { weights: { a: 1, b: 1 }, now: '127.1.' },
    ];
    for (const [i, { weights, now }] of steps.entries()) {
      regions.show(pictureOf(i + 2, weights));
      const sinceMs = performance.now();
      await until(async () => (await keeping()).startsWith(now));
      assert.ok(performance.now() - sinceMs < TTL_SECONDS * 1_000 + BEYOND_TTL_MS);
    }
  });

  it('stays gone while the control plane is down, also for a name server that starts then', async (test) => {
    const folder = await tempFolder(test);
    const regions = await startRegions(test, pictureOf(1, { a: 0, b: 1 }));
    const first = await startDns(folder, regions.address);
    await until(async () => ((await first.resolver.resolve4('app.bioscope.test').catch(() => []))[0] ?? '').startsWith('127.2.'));
    await regions.stop();
    assert.match((await first.resolver.resolve4('app.bioscope.test')).join(), /^127\.2\./);
    await first.stop();
    const second = await startDns(folder, regions.address);
    test.after(() => second.stop());
    assert.match((await second.resolver.resolve4('app.bioscope.test')).join(), /^127\.2\./);
  });

  it('that nobody ever knew makes an error, not an empty answer that resolvers would keep', async (test) => {
    const { resolver, stop, ...running } = await startDns(await tempFolder(test), '127.0.0.1:1');
    test.after(() => stop());
    await assert.rejects(resolver.resolve4('app.bioscope.test'), { code: 'ESERVFAIL' });
    assert.deepEqual(await resolver.resolveNs('bioscope.test'), ['ns1.bioscope.test']);
    assert.equal(running.isWell(), false);
  });
});

function pictureOf(version: number, weights: Readonly<Record<string, number>>): PictureInit {
  return {
    version,
    dnsTtlSeconds: TTL_SECONDS,
    regions: Object.entries(weights).map(([name, weight], i) => ({
      name,
      weight,
      state: weight === 0 ? RegionState.EVACUATED : RegionState.SERVING,
      health: { well: true },
      zones: [{ name: '1', gateways: [{ address: `127.${i + 1}.1.1:443`, healthy: true }] }],
    })),
  };
}

/** As a resolver does: asks again when the TTL has passed, and not before. */
function cachingResolver(resolver: Resolver): () => Promise<string> {
  let kept = { address: '', untilMs: 0 };
  return async () => {
    if (performance.now() < kept.untilMs) return kept.address;
    const [first] = await resolver.resolve4('app.bioscope.test', { ttl: true });
    if (first !== undefined) kept = { address: first.address, untilMs: performance.now() + first.ttl * 1_000 };
    return kept.address;
  };
}

async function startRegions(
  test: TestContext,
  first: PictureInit,
): Promise<{ address: string; show(picture: PictureInit): void; stop(): Promise<void> }> {
  const host = await startRpcHost(['regions']);
  test.after(() => host.close());
  let picture = first;
  let changed = Promise.withResolvers<void>();
  const no = (): never => {
    throw new RpcError('unimplemented', 'not in this test');
  };
  const handlers: Handlers<typeof RegionsService> = {
    async getPicture({ knownVersion }, { signal }): Promise<PictureInit> {
      if (knownVersion === picture.version)
        await Promise.race([changed.promise, new Promise((resolve) => signal.addEventListener('abort', resolve))]);
      return picture;
    },
    reportHealth: no,
    evacuate: no,
    restore: no,
    listRuns: no,
    getRun: no,
  };
  host.as('regions').serve(RegionsService, handlers, { '*': ['dns'] });
  return {
    address: host.address,
    show(next) {
      picture = next;
      changed.resolve();
      changed = Promise.withResolvers<void>();
    },
    stop: () => host.close(),
  };
}

/** Clients of this machine are near to region a. */
async function startDns(folder: string, regions: string): Promise<RunningUnit> {
  await writeFile(join(folder, 'prefixes'), '127.0.0.0/8 a b\n');
  const environment = {
    BIOSCOPE_DNS_STATE: join(folder, 'picture.json'),
    BIOSCOPE_DNS_PREFIXES: join(folder, 'prefixes'),
    BIOSCOPE_COUNTRY_TABLE: 'none',
  };
  return startDnsUnit(environment, [{ service: 'regions', address: regions }]);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const endMs = performance.now() + TTL_SECONDS * 1_000 + BEYOND_TTL_MS;
  while (!(await holds().catch(() => false))) {
    if (performance.now() > endMs) throw new Error('it never came');
    await pause(20);
  }
}
