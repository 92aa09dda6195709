import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { standInForAccess, type OperatorRights } from '@bioscope/access/testing';
import { openJobs, type Jobs } from '@bioscope/jobs';
import type { KvStore } from '@bioscope/kv';
import { openKv } from '@bioscope/kv/sqlite';
import { testPassports } from '@bioscope/passport/testing';
import { createPicture, createRpcHost, type Client, type RequestContext } from '@bioscope/rpc';
import { createTelemetry } from '@bioscope/telemetry';

import { MailService } from '../contract/index.ts';
import { mail } from '../src/service.ts';

export type RunningMail = AsyncDisposable & {
  as(caller: string): Client<typeof MailService>;
  /** What access says to operators. */
  readonly rights: OperatorRights;
  readonly operator: RequestContext;
  readonly member: RequestContext;
  readonly kv: KvStore;
  readonly jobs: Jobs;
  /** Lines of the log so far, as text. */
  readonly lines: readonly string[];
};

export async function stateFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'bioscope-mail-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Mail on a real store and real RPC. Starting it again on the folder goes on. */
export async function startMail(folder: string, environment: Record<string, string> = {}): Promise<RunningMail> {
  await using started = new AsyncDisposableStack();
  const lines: string[] = [];
  const telemetry = createTelemetry({ process: 'test', processMetrics: false, sink: { write: (line) => void lines.push(line) } });
  const kv = started.adopt(await openKv({ folder }), (store) => store.close());
  const jobs = started.adopt(await openJobs({ kv, pollMs: 50 }), (queues) => queues.close());
  const picture = createPicture();
  const host = await createRpcHost({
    ...telemetry,
    secret: randomBytes(32).toString('hex'),
    units: ['mail', 'identity', 'billing', 'gateway', 'graph', 'catalog', 'access'],
    zone: 'a',
    region: 'local',
    listen: { host: '127.0.0.1', port: 0 },
    discovery: picture,
  });
  started.adopt(host, (running) => running.close());
  const { passports, within } = testPassports();
  const rights = standInForAccess(host, { passports, callers: ['mail'] });
  const crash = (cause: unknown): never => {
    throw cause;
  };
  const unit = await mail.start({ kv, jobs, rpc: host }, { name: 'mail', ...telemetry, environment, crash });
  started.defer(() => unit.stop?.() ?? Promise.resolve());
  for (const service of ['mail', 'access']) picture.pin({ service, address: host.address });
  const all = started.move();
  return {
    as: (caller) => host.as(caller).client(MailService),
    rights,
    operator: within({ accountId: 'op', isOperator: true }),
    member: within({ accountId: 'm1' }),
    kv,
    jobs,
    lines,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** Waits until the condition holds; rejects after 10 s. */
export async function until(what: string, condition: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited 10 s in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
