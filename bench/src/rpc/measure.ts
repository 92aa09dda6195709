import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { speakTo } from '../speak-to.ts';
import type { Command, PeerName, Report } from './peer.ts';

/** A client and a server process of one peer. */
export type Pair = {
  readonly name: PeerName;
  /** Makes calls and answers what they cost: CPU of the client and of the server, wall time. */
  measure(load: { calls: number; inFlight: number }): Promise<Sample>;
  stop(): void;
};

/** Per call, except `callsPerSecond`. */
export type Sample = { readonly clientUs: number; readonly serverUs: number; readonly callsPerSecond: number };

const PROCESS = join(import.meta.dirname, 'peer-process.ts');

export async function startPair(name: PeerName): Promise<Pair> {
  const server = fork(PROCESS, ['serve', name]);
  let client: ChildProcess | undefined;
  const stop = (): void => {
    server.kill();
    client?.kill();
  };
  try {
    const { address } = await speakTo<Command, Report>(server).next('ready');
    const caller = (client = fork(PROCESS, ['call', name, address]));
    await speakTo<Command, Report>(caller).next('ready');
    return { name, stop, measure: (load) => measure(caller, server, load) };
  } catch (cause) {
    stop();
    throw cause;
  }
}

async function measure(client: ChildProcess, server: ChildProcess, load: { calls: number; inFlight: number }): Promise<Sample> {
  const [clientBefore, serverBefore] = await Promise.all([cpuOf(client), cpuOf(server)]);
  const { wallMs } = await speakTo<Command, Report>(client).ask({ kind: 'calls', ...load }, 'done');
  const [clientAfter, serverAfter] = await Promise.all([cpuOf(client), cpuOf(server)]);
  return {
    clientUs: (clientAfter - clientBefore) / load.calls,
    serverUs: (serverAfter - serverBefore) / load.calls,
    callsPerSecond: (load.calls / wallMs) * 1_000,
  };
}

async function cpuOf(child: ChildProcess): Promise<number> {
  return (await speakTo<Command, Report>(child).ask({ kind: 'cpu' }, 'cpu')).cpuUs;
}
