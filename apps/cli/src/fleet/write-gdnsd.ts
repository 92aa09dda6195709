import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { gdnsdFromSettings } from '@bioscope/dns';
import type { Deployment } from '@bioscope/topology';
import { Complaint } from '../command.ts';
import { placeEnvironment } from './place-environment.ts';

const STEERED_NAMES = ['app', 'api', 'play', 'console'];

/**
 * Writes what the name server of the first region answers as a configuration of gdnsd 3 into a folder, with its state and health beside it; answers the line that checks it.
 * To be written again whenever the regions change: gdnsd sees that.
 */
export async function writeGdnsd(on: {
  readonly folder: string;
  readonly deployment: Deployment;
  readonly host: string;
  readonly target: string;
}): Promise<string> {
  const { folder, deployment, host } = on;
  const [region] = deployment.regions;
  if (region === undefined) throw new Complaint('the deployment has no region');
  const target = resolve(on.target);
  const files = await gdnsdFromSettings(placeEnvironment({ folder, deployment, place: region.dns, host }), {
    zone: host,
    steeredNames: STEERED_NAMES,
    nameservers: deployment.regions.map(({ dns }, index) => ({ name: `ns${index + 1}`, address: dns.address })),
    listen: [`${region.dns.address}:${deployment.ports.dns}`],
    runFolder: join(target, 'run'),
    stateFolder: join(target, 'state'),
    healthFile: join(target, 'health'),
  });
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  for (const [path, text] of Object.entries(files.config)) write(join(target, 'etc', path), text);
  write(join(target, 'state', 'admin_state'), files.adminState);
  write(join(target, 'health'), files.health);
  mkdirSync(join(target, 'run'), { recursive: true });
  return `gdnsd -c ${join(target, 'etc')} checkconf`;
}
