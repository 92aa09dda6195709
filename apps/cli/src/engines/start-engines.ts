import { join } from 'node:path';
import type { EngineKind, Running } from '@bioscope/engines';
import type { AddressesOf } from '@bioscope/engines/testing';
import { Complaint } from '../command.ts';
import type { Invocation } from '../command.ts';
import type { EngineAddresses } from './engine-environment.ts';

export type StartRequest = {
  readonly kinds: readonly EngineKind[];
  readonly nodes: 1 | 3;
  /** Of Cassandra; 3 has one node in each. */
  readonly dataCentres: 1 | 3;
  /** Each kind has a folder of its own in it. */
  readonly folder: string;
  readonly environment: Invocation['environment'];
  readonly say: (line: string) => void;
};
export type StartedEngines = { readonly addresses: EngineAddresses; stop(): Promise<void> };

/** The same at every start, when they are free: easy to recognise and to type. */
const ADDRESSES = {
  cassandra: ['127.0.10.1', '127.0.10.2', '127.0.10.3'],
  kafka: ['127.0.11.1', '127.0.11.2', '127.0.11.3'],
  s3: ['127.0.12.1'],
} as const satisfies Record<EngineKind, readonly string[]>;

/** Starts the engines side by side. Complains about everything that is missing before anything starts; when one does not start, none stays. */
export async function startEngines(request: StartRequest): Promise<StartedEngines> {
  // Loads the drivers: only for this command.
  const { missingFor, startCassandra, startKafka, startS3 } = await import('@bioscope/engines');
  const missing = request.kinds.map((kind) => missingFor(kind, request.environment)).filter((each) => each !== null);
  if (missing.length > 0) throw new Complaint(missing.join('\n'));
  const options = (kind: EngineKind) => ({
    folder: join(request.folder, kind),
    addresses: ADDRESSES[kind],
    environment: request.environment,
    say: request.say,
    onLost: (message: string) => request.say(`a server is lost: ${message}`),
  });
  const starts: { readonly [Kind in EngineKind]: () => Promise<Running<AddressesOf[Kind]>> } = {
    cassandra: () => startCassandra({ ...options('cassandra'), nodes: request.nodes, dataCentres: request.dataCentres }),
    kafka: () => startKafka({ ...options('kafka'), nodes: request.nodes }),
    s3: () => startS3(options('s3')),
  };
  // All settle before any is stopped: a start that is still under way would leave servers behind.
  const settled = await Promise.allSettled(
    request.kinds.map(async (kind) => {
      const running = await starts[kind]();
      request.say(`${kind} is ready`);
      return { kind, running };
    }),
  );
  const started = settled.filter((each) => each.status === 'fulfilled').map((each) => each.value);
  const stop = async (): Promise<void> => {
    await Promise.all(started.map(({ running }) => running.stop()));
  };
  const failed = settled.find((each) => each.status === 'rejected');
  if (failed !== undefined) {
    await stop();
    throw new Complaint(failed.reason instanceof Error ? failed.reason.message : String(failed.reason), { cause: failed.reason });
  }
  return { addresses: Object.fromEntries(started.map(({ kind, running }) => [kind, running.addresses])), stop };
}
