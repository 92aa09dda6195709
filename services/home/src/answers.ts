import { KvFault } from '@bioscope/kv';
import { RpcError } from '@bioscope/rpc';

/** Runs a use case and tells the caller of a store that is down that it may try again; other faults stay what they are. */
export async function answering<T>(useCase: () => Promise<T>): Promise<T> {
  try {
    return await useCase();
  } catch (fault) {
    if (fault instanceof KvFault && RETRY.has(fault.code))
      throw new RpcError('unavailable', 'the store of home does not answer; try again', { cause: fault });
    throw fault;
  }
}

const RETRY: ReadonlySet<string> = new Set(['KV_NO_SPACE', 'KV_DEADLINE', 'KV_UNAVAILABLE']);
