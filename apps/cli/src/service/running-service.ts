import { Complaint } from '../command.ts';
import type { Invocation } from '../command.ts';
import { dataFolder } from '../config.ts';
import { readRunFile } from '../state/run-file.ts';
import type { RunFile } from '../state/run-file.ts';
import { readSecrets } from '../state/secrets.ts';
import { createApi } from './api.ts';
import type { Api } from './api.ts';

/** The service that runs on the invocation's state folder, and the operator's way into it. Complains when none runs. */
export function runningService(invocation: Pick<Invocation, 'options' | 'environment'>): { folder: string; run: RunFile; api: Api } {
  const folder = dataFolder(invocation.options, invocation.environment);
  const run = readRunFile(folder);
  const secrets = run === null ? null : readSecrets(folder);
  if (run === null || secrets === null) {
    throw new Complaint(`no service runs on ${folder}: start it with "bioscope up" (another state folder: --data DIR)`);
  }
  return { folder, run, api: createApi({ address: '127.0.0.1', port: run.port, host: run.host, operatorToken: secrets.operatorToken }) };
}
