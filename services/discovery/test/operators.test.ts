import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { it } from 'node:test';
import { methodsOpenTo, standInForAccess } from '@bioscope/access/testing';
import { testPassports } from '@bioscope/passport/testing';
import { createPicture, createRpcHost } from '@bioscope/rpc';
import { createTelemetry } from '@bioscope/telemetry';
import { DiscoveryService, OperatorService } from '../contract/index.ts';
import { discovery } from '../src/service.ts';

const telemetry = createTelemetry({ process: 'test', processMetrics: false, sink: { write: () => undefined } });
const PASSPORTS = testPassports();

it('shows operators who runs, and nobody whom access refuses', async (test) => {
  const picture = createPicture();
  const host = await createRpcHost({
    ...telemetry,
    secret: randomBytes(32).toString('hex'),
    units: ['discovery', 'access', 'gateway', 'echo'],
    zone: '2',
    region: 'a',
    listen: { host: '127.0.0.1', port: 0 },
    discovery: picture,
  });
  test.after(() => host.close());
  for (const service of ['discovery', 'access']) picture.pin({ service, address: host.address });
  const rights = standInForAccess(host, { passports: PASSPORTS.passports, callers: ['discovery'] });
  const crash = (cause: unknown): never => {
    throw cause;
  };
  const unit = await discovery.start({ rpc: host }, { name: 'discovery', ...telemetry, environment: {}, crash });
  test.after(() => unit.stop?.());
  const echo = { service: 'echo', instanceId: host.instanceId, address: host.address, zone: '2', region: 'a', load: 0.4, upMs: 5_000 };
  await host
    .as('echo')
    .client(DiscoveryService)
    .renew({ instances: [echo], leaseMs: 3_000, sequence: 1 });

  const operators = host.as('gateway').client(OperatorService);
  const within = PASSPORTS.within({ accountId: 'ada', isOperator: true });
  const { instances, preserving, copy } = await operators.listInstances({}, { within });
  assert.equal(preserving, false);
  assert.notEqual(copy, '');
  assert.partialDeepStrictEqual(instances, [
    { service: 'echo', address: host.address, zone: '2', region: 'a', load: 0.4, doubtful: false },
  ]);

  rights.answer = 'not_permitted';
  assert.deepEqual(await methodsOpenTo(OperatorService, operators, { within }), []);
  assert.deepEqual([...new Set(rights.asked)], ['regions']);
  rights.answer = 'granted';
  const member = PASSPORTS.within({ accountId: 'maria', isOperator: false });
  await assert.rejects(operators.listInstances({}, { within: member }), { code: 'permission_denied' });
  await assert.rejects(host.as('echo').client(OperatorService).listInstances({}, { within }), { code: 'permission_denied' });
});
