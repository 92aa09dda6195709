import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { BlobStore } from '@bioscope/blob';
import { verifyPresigned } from '@bioscope/blob/files';
import { describeBlobConformance } from '@bioscope/blob/conformance';
import { openJobs } from '@bioscope/jobs';
import type { Jobs } from '@bioscope/jobs';
import { describeJobsConformance } from '@bioscope/jobs/conformance';
import { describeKvConformance } from '@bioscope/kv/conformance';
import { describeLogConformance } from '@bioscope/log/conformance';
import { connectTo, startStorage } from './running-storage.ts';
import type { RemoteState, RunningStorage } from './running-storage.ts';
import { openStorage } from './storage-process.ts';

/** A storage in a process of its own and a client of it; opening again is both anew: the storage is killed, and the client another one. */
async function openElsewhere(): Promise<Opened> {
  const storage: RunningStorage = await startStorage();
  let state = await connectTo(storage);
  return {
    ...storage,
    state: () => state,
    async reopen() {
      await state.close();
      await storage.kill();
      await storage.restart();
      state = await connectTo(storage);
      return state;
    },
    async close() {
      await state.close();
      await storage.end();
    },
  };
}

/** The same with the storage in this process, still over the network: suites that want a store of its own for each case would start a hundred processes. */
async function openHere(): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), 'bioscope-storage-'));
  const secret = randomBytes(32).toString('hex');
  let storage = await openStorage({ folder, secret, port: 0 });
  let state = await connectTo({ address: storage.address, folder, secret });
  const stop = async (): Promise<void> => {
    await state.close();
    await storage.stop();
  };
  return {
    secret,
    state: () => state,
    async reopen() {
      await stop();
      storage = await openStorage({ folder, secret, port: 0 });
      state = await connectTo({ address: storage.address, folder, secret });
      return state;
    },
    async close() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type Opened = {
  readonly secret: string;
  readonly state: () => RemoteState;
  readonly reopen: () => Promise<RemoteState>;
  readonly close: () => Promise<void>;
};

const openForEach = process.env['BIOSCOPE_TEST_ALL'] === '1' ? openElsewhere : openHere;

describeKvConformance('the store behind the storage service', async () => {
  const { state, reopen, close } = await openElsewhere();
  return { store: state().kv, reopen: async () => (await reopen()).kv, close };
});

describeLogConformance('the log behind the storage service', async () => {
  const { state, reopen, close } = await openElsewhere();
  return { log: state().log, reopen: async () => (await reopen()).log, close };
});

describeBlobConformance('the objects behind the storage service', async () => {
  const { state, reopen, close, secret } = await openForEach();
  return {
    store: state().blob,
    reopen: async () => (await reopen()).blob,
    send: (request) => mounted(state().blob, secret, request),
    close,
  };
});

describeJobsConformance('on the store behind the storage service', async () => {
  const { state, close } = await openForEach();
  const opened: Jobs[] = [];
  return {
    async another() {
      const jobs = await openJobs({ kv: state().kv, pollMs: 50 });
      opened.push(jobs);
      return jobs;
    },
    async close() {
      await Promise.all(opened.map((jobs) => jobs.close()));
      await close();
    },
  };
});

/** What a mount does that serves presigned URLs. */
async function mounted(
  store: BlobStore,
  secret: string,
  { url, method, body = '' }: { url: string; method: string; body?: string },
): Promise<{ status: number; body: string }> {
  const verdict = verifyPresigned({ secret, method, url, nowMs: Date.now() });
  if (verdict.kind === 'refused') return { status: 403, body: '' };
  if (method === 'PUT') await store.put(verdict.key, new TextEncoder().encode(body));
  const read = await store.get(verdict.key);
  return { status: 200, body: read === null ? '' : await text(read.body) };
}
