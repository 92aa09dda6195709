import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ecsData } from './ask.ts';
import type { ClientNetwork } from './ground.ts';
import { HOST } from './ground.ts';

const run = promisify(execFile);
/** As many as have a query under way at a time. */
export const CLIENTS = 20;

export type LoadAnswer = { readonly queries: number; readonly perSecond: number };

/** dnsperf, a client in C in a process of its own; every answer must be NOERROR, and hardly any may be lost. */
export async function runLoad(load: { port: number; file: string; seconds: number; client: ClientNetwork }): Promise<LoadAnswer> {
  const ecs = Buffer.from(ecsData(load.client)).toString('hex');
  const args = ['-s', HOST, '-p', String(load.port), '-d', load.file, '-c', String(CLIENTS), '-l', String(load.seconds), '-E', `8:${ecs}`];
  const { stdout } = await run('dnsperf', args, { encoding: 'utf8' });
  const figure = (label: RegExp): number => {
    const text = label.exec(stdout)?.[1];
    if (text === undefined) throw new Error(`dnsperf says something new: ${stdout}`);
    return Number(text);
  };
  const sent = figure(/Queries sent:\s+(\d+)/);
  const completed = figure(/Queries completed:\s+(\d+)/);
  const right = /Response codes:\s+NOERROR \d+ \(100\.00%\)/.test(stdout);
  if (!right || completed < sent * 0.99) throw new Error(`answers are wrong or lost: ${stdout}`);
  return { queries: completed, perSecond: figure(/Queries per second:\s+([\d.]+)/) };
}
