import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { copyBlobs, type CopyReport } from '@bioscope/blob';
import { readFileBlobs } from '@bioscope/blob/files';
import type { CassandraKv } from '@bioscope/kv/cassandra';
import {
  checkKv,
  claimDestination,
  type Claim,
  copyKv,
  openTransferSource,
  settle,
  type TallyRow,
  type TransferSource,
} from '@bioscope/kv/transfer';
import { moveUnhandled, type MovedTopic } from '@bioscope/log/transfer';
import { Complaint } from '../command.ts';
import type { EngineSettings } from '../units/engine-settings.ts';
import { openKafka, openS3 } from '../units/open-engines.ts';

/** What a run of the move came to. `copying`: the service was running, the rest follows when it is down. */
export type MoveOutcome = {
  readonly state: 'copying' | 'settled' | 'different';
  readonly source: string;
  readonly mended: number;
  readonly rows: readonly TallyRow[];
  readonly differences: readonly string[];
  readonly blobs: CopyReport | null;
  readonly log: readonly MovedTopic[] | null;
};

export type MoveRequest = {
  /** The state folder of the embedded installation; only read. */
  readonly folder: string;
  readonly engines: EngineSettings & Required<Pick<EngineSettings, 'cassandra'>>;
  /** For what programs need as a file; outside the source. */
  readonly temporaryFolder: string;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly progress: (line: string) => void;
};

/**
 * Brings an embedded installation to the distributed engines: near to it while its service runs, all of it and checked once the service is down. May be stopped
 * at any moment and run again. Writes nothing into the source.
 */
export async function moveState(request: MoveRequest): Promise<MoveOutcome> {
  const source = openSource(request.folder);
  try {
    await using opened = new AsyncDisposableStack();
    const destination = opened.adopt(await openDestination(request), (each) => each.close());
    const claim = opened.adopt(
      await claimDestination(destination, {
        source: source.id,
        clock: Date.now,
        signal: request.signal,
        waiting: () => request.say('another migrate was here a moment ago: waiting until it is certainly gone …'),
      }),
      (each) => each.release(),
    );
    return await (source.isQuiet ? moveAll(request, source, destination, claim) : moveMost(request, source, destination, claim));
  } finally {
    source.close();
  }
}

function openSource(folder: string): TransferSource {
  if (!existsSync(join(folder, 'kv', 'kv.db')))
    throw new Complaint(`${folder} holds no embedded installation (there is no kv/kv.db in it): --from names the state folder`);
  return openTransferSource({ folder: join(folder, 'kv') });
}

async function openDestination({ engines, say }: MoveRequest): Promise<CassandraKv> {
  const { openCassandraKv } = await import('@bioscope/kv/cassandra');
  return openCassandraKv({
    ...engines.cassandra,
    onTrouble: (error) => say(`rode out: ${error instanceof Error ? error.message : String(error)}`),
  });
}

async function moveMost(request: MoveRequest, source: TransferSource, destination: CassandraKv, claim: Claim): Promise<MoveOutcome> {
  request.say('the service runs: copying beside it …');
  const { mended } = await copy(request, source, destination, claim);
  const blobs = await moveBlobs(request, claim);
  return { state: 'copying', source: source.id, mended, rows: [], differences: [], blobs, log: null };
}

async function moveAll(request: MoveRequest, source: TransferSource, destination: CassandraKv, claim: Claim): Promise<MoveOutcome> {
  request.say('the service is down: copying, then comparing everything …');
  const { mended } = await copy(request, source, destination, claim);
  const blobs = await moveBlobs(request, claim);
  const { rows, differences, differencesCount } = await checkKv({
    source,
    destination,
    claim,
    onProgress: ({ recordsCompared, registersCompared, streamsCompared }) =>
      request.progress(`comparing: ${streamsCompared} streams, ${registersCompared} registers, ${recordsCompared} records`),
  });
  const found = [...differences, ...(blobs?.different ?? []).map((key) => `blob ${key} differs`)];
  if (differencesCount > 0 || blobs?.isWhole === false)
    return { state: 'different', source: source.id, mended, rows, differences: found, blobs, log: null };
  const log = await moveLog(request, claim);
  await settle({ claim });
  return { state: 'settled', source: source.id, mended, rows, differences: [], blobs, log };
}

function copy({ progress }: MoveRequest, source: TransferSource, destination: CassandraKv, claim: Claim): Promise<{ mended: number }> {
  return copyKv({
    source,
    destination,
    claim,
    onProgress: ({ recordsCompared, registersCompared, mended }) =>
      progress(`copying: ${registersCompared} registers, ${recordsCompared} records seen, ${mended} entries written`),
  });
}

async function moveBlobs({ engines, folder, temporaryFolder, progress }: MoveRequest, claim: Claim): Promise<CopyReport | null> {
  if (engines.s3 === undefined) return null;
  await using to = await openS3(engines.s3, temporaryFolder);
  if (claim.state().notes[BLOBS_BEGUN] === undefined) {
    const { objects } = await to.list({ prefix: '', keysMax: 1 });
    if (objects.length > 0)
      throw new Complaint(
        `the bucket ${engines.s3.bucket} already holds objects that were not moved there: choose an empty one, or a BIOSCOPE_S3_PREFIX`,
      );
    await claim.change((state) => ({ ...state, notes: { ...state.notes, [BLOBS_BEGUN]: engines.s3?.bucket ?? '' } }));
  }
  return await copyBlobs(readFileBlobs({ folder: join(folder, 'blob') }), to, {
    signal: claim.signal,
    onProgress: ({ phase, objects, bytes }) => progress(`${phase} blobs: ${objects} with ${Math.round(bytes / 1e6)} MB`),
  });
}

async function moveLog({ engines, folder, say }: MoveRequest, claim: Claim): Promise<readonly MovedTopic[] | null> {
  if (engines.kafka === undefined) return null;
  const to = await openKafka(engines.kafka, (_engine, error) => say(`rode out: ${error instanceof Error ? error.message : String(error)}`));
  try {
    const noteOf = (topic: string, partition: number): string => `log ${topic} ${partition}`;
    return await moveUnhandled({
      folder: join(folder, 'log'),
      destination: to,
      reachedBefore: (topic, partition) => Number(claim.state().notes[noteOf(topic, partition)] ?? 0),
      reached: (topic, partition, nextOffset) =>
        claim.change((state) => ({ ...state, notes: { ...state.notes, [noteOf(topic, partition)]: String(nextOffset) } })),
      signal: claim.signal,
    });
  } finally {
    await to.close();
  }
}

const BLOBS_BEGUN = 'blobs begun in';
