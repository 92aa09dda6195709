import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, describe, it } from 'node:test';

import type { DescMethod, DescService } from '@bufbuild/protobuf';
import type { GatewayAddress } from '@bioscope/gateway';
import { port, startHost, unit } from '@bioscope/host';
import { ANONYMOUS } from '@bioscope/passport';
import type { AccessTokens } from '@bioscope/passport';
import { createTelemetry } from '@bioscope/telemetry';

import { exchange } from '../src/service/http-exchange.ts';
import { serviceUnits } from '../src/service/service-units.ts';
import { loadUnits, UNIT_NAMES } from '../src/service/units-by-name.ts';
import { rpcUnit } from '../src/units/rpc.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const OPERATOR_TOKEN = 'the-operators-token-of-this-test';
/** The right of this one is taken by a policy that names it; everybody else's is as shipped. */
const REFUSED_POLICY = `
@id("operators-not-by-token")
@reason("not_permitted")
forbid (principal == Bioscope::Viewer::"operator-token", action == Bioscope::Action::"operate", resource);
`;
/** What visitors may call on the host of operators. */
const FOR_EVERYBODY = ['ListTitles', 'GetTitle', 'GetTitles'].map((name) => `bioscope.catalog.v1.CatalogService/${name}`);
const PEOPLE_FOR_EVERYBODY = ['GetPerson', 'ListPeople'].map((name) => `bioscope.catalog.v1.PeopleService/${name}`);
/** Fewer would say that this test looks at nothing. */
const METHODS_MIN = 25;

type Service = AsyncDisposable & {
  post(path: string, token: string, body?: string): Promise<number | 'no route'>;
  readonly tokenOfOperator: string;
};

/** The product without its delivery servers, in this process. */
async function startService(): Promise<Service> {
  await using started = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'bioscope-operators-'));
  started.defer(() => rm(folder, { recursive: true, force: true }));
  const policies = join(folder, 'policies');
  await cp(join(ROOT, 'services/access/policies'), policies, { recursive: true });
  await appendFile(join(policies, 'operators.cedar'), REFUSED_POLICY);
  const rootSecret = '5a'.repeat(32);
  const units = await serviceUnits({ folder, rootSecret, cdnPort: 8_081, zone: 'a', region: 'local', engines: {} });
  // One process is one region and does without this unit; its methods are to be asked all the same.
  const rpc = rpcUnit({ secret: rootSecret, units: ['discovery', 'storage', ...UNIT_NAMES], zone: 'a', region: 'local' });
  const regions = await loadUnits(['regions']);
  const known: { address?: string; tokens?: AccessTokens } = {};
  const observer = unit({
    name: 'observer',
    needs: { gateway: port<GatewayAddress>('gateway'), accessTokens: port<AccessTokens>('accessTokens') },
    gives: {},
    async start({ gateway, accessTokens }) {
      Object.assign(known, { address: gateway.address, tokens: accessTokens });
      return { gives: {} };
    },
  });
  const host = await startHost({
    name: 'operators-test',
    units: [
      ...units.filter(({ name }) => !name.startsWith('appliance')).map((each) => (each.name === 'rpc' ? rpc : each)),
      ...regions,
      observer,
    ],
    environment: {
      BIOSCOPE_DATA: folder,
      BIOSCOPE_PORT: '0',
      BIOSCOPE_CDN_PORT: '8081',
      BIOSCOPE_SECRET: rootSecret,
      BIOSCOPE_OPERATOR_TOKEN: OPERATOR_TOKEN,
      BIOSCOPE_ACCESS_POLICIES: policies,
      BIOSCOPE_COUNTRY_TABLE: 'none',
    },
    telemetry: createTelemetry({ process: 'test', processMetrics: false, sink: { write: () => undefined } }),
  });
  started.defer(() => host.stop());
  const [address = '', gatewayPort = ''] = (known.address ?? '').split(':');
  const tokenOfOperator = known.tokens?.mint({ ...ANONYMOUS, accountId: 'op', isOperator: true, assurance: 'session' }, 600_000).token;
  assert.ok(tokenOfOperator);
  const all = started.move();
  return {
    tokenOfOperator,
    async post(path, token, body = '{}') {
      const answer = await exchange({
        address,
        port: Number(gatewayPort),
        hostHeader: `api.localhost:${gatewayPort}`,
        method: 'POST',
        path,
        headers: {
          authorization: `Bearer ${token}`,
          ...(path === '/uploads' ? { 'tus-resumable': '1.0.0', 'upload-length': 9 } : { 'content-type': 'application/json' }),
        },
        ...(path === '/uploads' ? {} : { body: Buffer.from(body) }),
        idleMs: 30_000,
      });
      return answer.status === 404 && answer.body.includes('there is nothing here under') ? 'no route' : answer.status;
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** Every method of every contract in the repository, as it would be called from outside. */
async function allMethods(): Promise<readonly { path: string; body: string }[]> {
  const services: DescService[] = [];
  for (const file of globSync('{services,edge,cdn}/*/contract/index.ts', { cwd: ROOT }).sort()) {
    const contract = (await import(pathToFileURL(join(ROOT, file)).href)) as Readonly<Record<string, unknown>>;
    services.push(...Object.values(contract).filter(isService));
  }
  return services.flatMap((service) =>
    service.methods.map((method) => ({ path: `/${service.typeName}/${method.name}`, body: bodyOf(method) })),
  );
}

function isService(value: unknown): value is DescService {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'service';
}

/** About somebody else wherever an account can be named: one's own is everybody's to see. */
function bodyOf({ input }: DescMethod): string {
  return input.fields.some(({ localName }) => localName === 'accountId') ? '{"accountId":"somebody-else"}' : '{}';
}

describe('what operators do, from outside', () => {
  let service: Service;
  before(async () => {
    service = await startService();
  });
  after(() => service[Symbol.asyncDispose]());

  it('is refused, whichever method of whichever contract, to an operator whom a policy refuses, and to nobody else', async () => {
    const statuses = async (token: string): Promise<ReadonlyMap<string, number | 'no route'>> => {
      const seen = new Map<string, number | 'no route'>();
      for (const { path, body } of await allMethods()) seen.set(path.slice(1), await service.post(path, token, body));
      seen.set('uploads', await service.post('/uploads', token));
      return seen;
    };
    const refused = await statuses(OPERATOR_TOKEN);
    const granted = await statuses(service.tokenOfOperator);
    const having = (status: number): string[] => [...refused].filter(([, each]) => each === status).map(([path]) => path);
    const reached = [...refused].filter(([, status]) => status !== 'no route' && status !== 403).map(([path]) => path);
    assert.deepEqual(reached.sort(), [...FOR_EVERYBODY, ...PEOPLE_FOR_EVERYBODY].sort());
    assert.ok(having(403).length >= METHODS_MIN, having(403).join());
    assert.deepEqual(
      having(403).filter((path) => granted.get(path) === 403 || granted.get(path) === 401 || granted.get(path) === 503),
      [],
    );
  });
});
