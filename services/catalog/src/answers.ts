import { BlobFault } from '@bioscope/blob';
import { KvFault } from '@bioscope/kv';
import { RpcError } from '@bioscope/rpc';

/** Runs a use case and tells the caller of a store that is down that it may try again; other faults stay what they are. */
export async function answering<T>(useCase: () => Promise<T> | T): Promise<T> {
  try {
    return await useCase();
  } catch (fault) {
    if (fault instanceof KvFault || fault instanceof BlobFault) throw fromStore(fault);
    throw fault;
  }
}

function fromStore(fault: KvFault | BlobFault): unknown {
  if (FULL.has(fault.code)) return new RpcError('unavailable', 'the disk of the catalogue is full; nothing was changed', { cause: fault });
  if (SILENT.has(fault.code)) return new RpcError('unavailable', 'the store of the catalogue does not answer; try again', { cause: fault });
  return fault;
}

const FULL: ReadonlySet<string> = new Set(['KV_NO_SPACE', 'BLOB_NO_SPACE']);
const SILENT: ReadonlySet<string> = new Set(['KV_DEADLINE', 'KV_UNAVAILABLE', 'BLOB_UNAVAILABLE']);
