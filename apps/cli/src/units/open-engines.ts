import type { BlobStore } from '@bioscope/blob';
import type { KvStore } from '@bioscope/kv';
import type { Log } from '@bioscope/log';
import { Complaint } from '../command.ts';
import type { Engine, EngineSettings } from './engine-settings.ts';

export type EngineTrouble = (engine: Engine, error: unknown) => void;

// Loaded when chosen: whoever stays embedded does not wait for three drivers.

export async function openCassandra(settings: NonNullable<EngineSettings['cassandra']>, trouble: EngineTrouble): Promise<KvStore> {
  const { openCassandraKv } = await import('@bioscope/kv/cassandra');
  const { readTransferState } = await import('@bioscope/kv/transfer');
  const kv = await openCassandraKv({ ...settings, onTrouble: (error) => trouble('cassandra', error) });
  const moved = await readTransferState(kv);
  if (moved?.state !== 'copying') return kv;
  await kv.close();
  throw new Complaint(`a ${moved.source} was moved to this keyspace only in part: "bioscope migrate" goes on with it`);
}

export async function openKafka(settings: NonNullable<EngineSettings['kafka']>, trouble: EngineTrouble): Promise<Log> {
  const { openKafkaLog } = await import('@bioscope/log/kafka');
  return openKafkaLog({ ...settings, onTrouble: (error) => trouble('kafka', error) });
}

/** `temporaryFolder`: where films are fetched to that programs need as a file. */
export async function openS3(settings: NonNullable<EngineSettings['s3']>, temporaryFolder: string): Promise<BlobStore & AsyncDisposable> {
  const { openS3Blobs } = await import('@bioscope/blob/s3');
  return openS3Blobs({ ...settings, temporaryFolder });
}
