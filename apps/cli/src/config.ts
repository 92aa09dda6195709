import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { Complaint } from './command.ts';
import type { Invocation } from './command.ts';

/** The state folder of this invocation: `--data`, else BIOSCOPE_DATA, else the XDG data folder (https://specifications.freedesktop.org/basedir-spec/). */
export function dataFolder(options: Invocation['options'], environment: Invocation['environment']): string {
  const given = options['data'] ?? environment['BIOSCOPE_DATA'];
  if (typeof given === 'string' && given !== '') return resolve(given);
  const xdg = environment['XDG_DATA_HOME'];
  // The specification: a relative path there is invalid and ignored.
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, 'bioscope');
  return join(environment['HOME'] || homedir(), '.local', 'share', 'bioscope');
}

export const GATEWAY_PORT_DEFAULT = 8080;
export const PORT_MAX = 65_535;

/** A port from the environment, or a complaint that names the variable. */
export function portFrom(environment: Invocation['environment'], name: string): number | undefined {
  const text = environment[name];
  if (text === undefined || text === '') return undefined;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port >= 0 && port <= PORT_MAX)) throw new Complaint(`${name} is "${text}": use a port number from 0 to ${PORT_MAX}`);
  return port;
}

/** The folder of this installation: the checkout. */
export function installationFolder(): string {
  return resolve(import.meta.dirname, '../../..');
}
