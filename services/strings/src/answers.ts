import { KvFault } from '@bioscope/kv';
import { RpcError } from '@bioscope/rpc';

/** Runs a use case and tells the caller of a store that is down that it may try again; other faults stay what they are. */
export async function answering<T>(useCase: () => Promise<T> | T): Promise<T> {
  try {
    return await useCase();
  } catch (fault) {
    if (!(fault instanceof KvFault)) throw fault;
    if (fault.code === 'KV_NO_SPACE')
      throw new RpcError('unavailable', 'the disk of strings is full; nothing was changed', { cause: fault });
    if (fault.code === 'KV_DEADLINE' || fault.code === 'KV_UNAVAILABLE')
      throw new RpcError('unavailable', 'the store of strings does not answer; try again', { cause: fault });
    throw fault;
  }
}
