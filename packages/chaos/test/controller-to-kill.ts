import { createTelemetry } from '@bioscope/telemetry';
import { createPicture, createRpcHost } from '@bioscope/rpc';
import { CONTROLLER, createController, holdRules, ruleFrom } from '../src/index.ts';

/** Orders a fault in the processes at the addresses that follow the secret, renews it, says so, and waits to be killed. */
const [secret = '', ...addresses] = process.argv.slice(2);
const { log, metrics } = createTelemetry({ process: 'controller', processMetrics: false, sink: { write: () => undefined } });
const listen = { host: '127.0.0.1', port: 0 };
const host = await createRpcHost({ secret, units: [CONTROLLER], zone: '', region: '', listen, discovery: createPicture(), log, metrics });
const controller = createController({ rpc: host.as(CONTROLLER), addresses: async () => addresses });
await holdRules(controller, [ruleFrom('lease', { where: { callees: ['echo'] } })], { leaseMs: 1_500 });
process.stdout.write('held\n');
