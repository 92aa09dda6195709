import { Complaint } from '../command.ts';
import type { Invocation } from '../command.ts';
import { dataFolder } from '../config.ts';
import { readRunFile } from '../state/run-file.ts';
import { readSecrets } from '../state/secrets.ts';
import { fleetClient } from './fleet-client.ts';
import type { FleetClient } from './fleet-client.ts';

/** The processes of the service that runs on the invocation's state folder. Complains when it does not run as several. */
export function fleetOf(invocation: Pick<Invocation, 'options' | 'environment'>): FleetClient {
  const folder = dataFolder(invocation.options, invocation.environment);
  const run = readRunFile(folder);
  const secrets = readSecrets(folder);
  if (run?.fleet === undefined || secrets === null) {
    throw new Complaint(`no service runs in regions on ${folder}: start one with "bioscope up --regions 2 --zones 3"`);
  }
  return fleetClient({ address: run.fleet, operatorToken: secrets.operatorToken });
}
