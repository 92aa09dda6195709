import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { BlobStore } from '@bioscope/blob';
import type { KvStore } from '@bioscope/kv';
import type { Log } from '@bioscope/log';
import { createPicture, createRpcHost } from '@bioscope/rpc';
import type { Rpc, RunningRpcHost } from '@bioscope/rpc';
import { createTelemetry } from '@bioscope/telemetry';
import { remoteBlobs, remoteKv, remoteLog } from '../src/client/index.ts';

/** A storage in a process of its own, which can be killed, paused and started again where it was. */
export type RunningStorage = {
  readonly address: string;
  readonly folder: string;
  readonly secret: string;
  readonly pid: () => number;
  kill(): Promise<void>;
  /** After `kill`, on the same folder and address. */
  restart(): Promise<void>;
  pause(): void;
  resume(): void;
  /** Ends it and removes its folder. */
  end(): Promise<void>;
};

export async function startStorage(): Promise<RunningStorage> {
  const folder = await mkdtemp(join(tmpdir(), 'bioscope-storage-'));
  const secret = randomBytes(32).toString('hex');
  let { child, address } = await startChild(folder, 0, secret);
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return {
    address,
    folder,
    secret,
    pid: () => child.pid ?? 0,
    kill,
    async restart() {
      ({ child, address } = await startChild(folder, Number(address.split(':')[1]), secret));
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async end() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startChild(folder: string, port: number, secret: string): Promise<{ child: ChildProcess; address: string }> {
  const program = fileURLToPath(new URL('./storage-child.ts', import.meta.url));
  const child = spawn(process.execPath, [program, folder, String(port), secret], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(() => null)]);
  assert(said !== null, 'the storage ended while it started');
  return { child, address: String(said[0]).trim() };
}

/** A process (this one) of another unit, with remote ports. */
export type RemoteState = {
  readonly host: RunningRpcHost;
  readonly rpc: Rpc;
  readonly kv: KvStore;
  readonly log: Log;
  readonly blob: BlobStore;
  close(): Promise<void>;
};

export async function connectTo(storage: { address: string; secret: string; folder: string }): Promise<RemoteState> {
  const host = await startCaller(storage.address, storage.secret);
  const rpc = host.as('catalog');
  const [kv, log, blob] = [remoteKv({ rpc }), remoteLog({ rpc }), await remoteBlobs({ rpc, folder: join(storage.folder, 'copies') })];
  return {
    host,
    rpc,
    kv,
    log,
    blob,
    async close() {
      await Promise.all([kv.close(), log.close()]);
      await host.close();
    },
  };
}

export function startCaller(address: string, secret: string): Promise<RunningRpcHost> {
  const telemetry = createTelemetry({ process: 'test', processMetrics: false, sink: { write: () => undefined } });
  const discovery = createPicture([{ service: 'storage', address }]);
  return createRpcHost({
    secret,
    units: ['catalog'],
    zone: 'a',
    region: 'local',
    listen: { host: '127.0.0.1', port: 0 },
    discovery,
    ...telemetry,
  });
}

/** Asks until true, at most `withinMs`. */
export async function eventually(what: string, holds: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await holds())) {
    assert(performance.now() < end, `did not happen within ${withinMs} ms: ${what}`);
    await sleep(10);
  }
}
