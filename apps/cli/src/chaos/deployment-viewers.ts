import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startViewers } from '@bioscope/viewer';
import type { Viewers, ViewersOptions } from '@bioscope/viewer';
import { cohortOf } from '@bioscope/chaos';
import type { Split } from '@bioscope/chaos';
import type { Deployment } from '@bioscope/topology';
import type { Invocation } from '../command.ts';
import { runningService } from '../service/running-service.ts';
import { accountsFor } from '../viewers/accounts.ts';
import { hasMembers } from '../viewers/members-setting.ts';
import { appOperations } from '../viewers/operations.ts';
import { placesFrom } from '../viewers/places.ts';

/** Where the demo's plans are offered. */
const COUNTRY = 'DE';
/** Short films and little waiting: more starts tell more. */
const HABITS = { browseMs: 2_000, watchMs: 20_000, resumeShare: 0.1 } as const;

/** Viewers in the client networks of every region, who find their doors through its DNS. `split` tells the members of an experiment apart. */
export async function startDeploymentViewers(
  invocation: Pick<Invocation, 'options' | 'environment' | 'terminal'>,
  wanted: { deployment: Deployment; count: number; seed: number; split: Split | undefined; signal: AbortSignal },
): Promise<Viewers> {
  const { deployment, count, seed, split, signal } = wanted;
  const { run, api, folder } = runningService(invocation);
  const { regions, ports } = deployment;
  const places = placesFrom({
    networks: regions.flatMap(({ clients }) => clients[0] ?? []).join(','),
    dns: regions.map(({ dns }) => `${dns.address}:${ports.dns}`).join(','),
  });
  const hasTls = run.app.startsWith('https:');
  const doors = doorsAt(run, hasTls ? ports.https : ports.gateway);
  const authority = hasTls ? await authorityOf(folder) : undefined;
  const options: ViewersOptions = {
    count,
    doors,
    places,
    seed,
    habits: HABITS,
    ...(authority === undefined ? {} : { authority }),
    ...(split === undefined ? {} : { cohortOf: (id: string) => cohortOf(id, split) }),
  };
  const [place] = places;
  if (place === undefined || !(await hasMembers(run))) return startViewers(options);
  const operations = appOperations(invocation.environment);
  const say = (line: string): void => invocation.terminal.err(`${line}\n`);
  const accounts = await accountsFor({ api, folder, doors, resolve: place.resolve, operations, country: COUNTRY, say, signal }, count);
  return startViewers({ ...options, accounts, homeQuestion: operations.home });
}

/** Of certificates that no public authority gave; undefined where one did. */
async function authorityOf(folder: string): Promise<string | undefined> {
  return await readFile(join(folder, 'tls', 'authority.pem'), 'utf8').catch(() => undefined);
}

/** The names of the run file, on the gateways' own port: the way in for browsers may have another. */
function doorsAt(run: { app: string; api: string; play: string }, port: number): ViewersOptions['doors'] {
  const at = (text: string): string => {
    const url = new URL(text);
    return `${url.protocol}//${url.hostname}:${port}`;
  };
  return { app: at(run.app), api: at(run.api), play: at(run.play) };
}
