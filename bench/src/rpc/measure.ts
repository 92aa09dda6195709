import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
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
/** A process that is silent for so long hangs. */
const REPORT_TIMEOUT_MS = 120_000;

export async function startPair(name: PeerName): Promise<Pair> {
  const server = fork(PROCESS, ['serve', name]);
  let client: ChildProcess | undefined;
  const stop = (): void => {
    server.kill();
    client?.kill();
  };
  try {
    const { address } = await nextReport(server, 'ready');
    const caller = (client = fork(PROCESS, ['call', name, address]));
    await nextReport(caller, 'ready');
    return { name, stop, measure: (load) => measure(caller, server, load) };
  } catch (cause) {
    stop();
    throw cause;
  }
}

async function measure(client: ChildProcess, server: ChildProcess, load: { calls: number; inFlight: number }): Promise<Sample> {
  const [clientBefore, serverBefore] = await Promise.all([cpuOf(client), cpuOf(server)]);
  const { wallMs } = await ask(client, { kind: 'calls', ...load }, 'done');
  const [clientAfter, serverAfter] = await Promise.all([cpuOf(client), cpuOf(server)]);
  return {
    clientUs: (clientAfter - clientBefore) / load.calls,
    serverUs: (serverAfter - serverBefore) / load.calls,
    callsPerSecond: (load.calls / wallMs) * 1_000,
  };
}

async function cpuOf(child: ChildProcess): Promise<number> {
  return (await ask(child, { kind: 'cpu' }, 'cpu')).cpuUs;
}

function ask<K extends Report['kind']>(child: ChildProcess, command: Command, kind: K): Promise<Extract<Report, { kind: K }>> {
  const report = nextReport(child, kind);
  child.send(command);
  return report;
}

function nextReport<K extends Report['kind']>(child: ChildProcess, kind: K): Promise<Extract<Report, { kind: K }>> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      child.off('message', onMessage);
      child.off('exit', onExit);
    };
    const onMessage = (report: Report): void => {
      end();
      if (report.kind === kind) resolve(report as Extract<Report, { kind: K }>);
      else reject(new Error(`a process of the bench said "${report.kind}" instead of "${kind}"`));
    };
    const onExit = (code: number | null): void => {
      end();
      reject(new Error(`a process of the bench ended with code ${code}`));
    };
    const timer = setTimeout(() => {
      end();
      reject(new Error(`a process of the bench was silent for ${REPORT_TIMEOUT_MS} ms`));
    }, REPORT_TIMEOUT_MS);
    child.on('message', onMessage);
    child.on('exit', onExit);
  });
}
