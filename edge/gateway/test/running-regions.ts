import type { TestContext } from 'node:test';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { RegionsService } from '@bioscope/regions/contract';
import type { RegionSchema, ReportHealthRequest } from '@bioscope/regions/contract';
import { RpcError } from '@bioscope/rpc';
import type { Handlers } from '@bioscope/rpc';
import { startBackend, startGateway } from './start-gateway.ts';
import type { Backend, RunningGateway } from './start-gateway.ts';

export type SaidRegions = Backend & {
  /** What gateways reported. */
  readonly reports: ReportHealthRequest[];
  say(regions: readonly MessageInitShape<typeof RegionSchema>[]): void;
};

/** A unit `regions` that says what the test tells it to. */
export async function sayRegions(test: Pick<TestContext, 'after'>): Promise<SaidRegions> {
  const backend = await startBackend(test, {});
  const reports: ReportHealthRequest[] = [];
  let picture: { version: number; regions: readonly MessageInitShape<typeof RegionSchema>[] } = { version: 1, regions: [] };
  const changed = new EventTarget();
  const refuse = (): never => {
    throw new RpcError('unimplemented', 'not in this test');
  };
  backend.host.as('regions').serve(
    RegionsService,
    {
      ...(Object.fromEntries(RegionsService.methods.map(({ localName }) => [localName, refuse])) as unknown as Handlers<
        typeof RegionsService
      >),
      async getPicture({ knownVersion }, { signal }) {
        if (knownVersion === picture.version) {
          await new Promise<void>((resolve) => {
            changed.addEventListener('change', () => resolve(), { signal });
            signal.addEventListener('abort', () => resolve());
          });
        }
        return { version: picture.version, regions: [...picture.regions] };
      },
      reportHealth(report) {
        reports.push(report);
        return {};
      },
    },
    { '*': ['gateway'] },
  );
  return {
    ...backend,
    reports,
    say(regions) {
      picture = { version: picture.version + 1, regions };
      changed.dispatchEvent(new Event('change'));
    },
  };
}

/** Gateways of the regions a and b that know each other, each with units of its own behind it. */
export async function startPair(
  test: Pick<TestContext, 'after'>,
  backends: { readonly a: Backend; readonly b: Backend; readonly regions: Backend },
  services: readonly string[],
  environments: { readonly a?: Record<string, string>; readonly b?: Record<string, string> } = {},
): Promise<{ a: RunningGateway; b: RunningGateway }> {
  const start = (region: 'a' | 'b'): Promise<RunningGateway> =>
    startGateway(
      test,
      [
        ...services.map((service) => ({ service, address: backends[region].address })),
        { service: 'regions', address: backends.regions.address },
      ],
      { BIOSCOPE_REGION: region, BIOSCOPE_ZONE: '1', ...environments[region] },
    );
  const [a, b] = await Promise.all([start('a'), start('b')]);
  a.picture.pin({ service: 'gateway', address: b.rpcAddress, region: 'b', zone: '1' });
  b.picture.pin({ service: 'gateway', address: a.rpcAddress, region: 'a', zone: '1' });
  return { a, b };
}

/** How region a hands all it gets to b. */
export const ALL_TO_B: readonly MessageInitShape<typeof RegionSchema>[] = [
  { name: 'a', bridgeShare: 1, bridgeTo: ['b'] },
  { name: 'b', bridgeShare: 0 },
];
