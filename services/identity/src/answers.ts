import { KvFault } from '@bioscope/kv';
import { RpcError } from '@bioscope/rpc';

import { HashingBusy } from './hashing.ts';

const DOWN: ReadonlySet<string> = new Set(['KV_DEADLINE', 'KV_UNAVAILABLE', 'KV_NO_SPACE']);

/** Runs a use case and tells the caller of a store that is down, or of too many who sign in, that it may try again; other faults stay what they are. */
export async function answering<T>(useCase: () => Promise<T>): Promise<T> {
  try {
    return await useCase();
  } catch (fault) {
    if (fault instanceof KvFault && DOWN.has(fault.code))
      throw new RpcError('unavailable', 'the store of identity does not answer; try again', { cause: fault });
    if (fault instanceof KvFault && fault.code === 'KV_BAD_REQUEST')
      throw new RpcError('invalid_argument', 'an id or a cursor in the request is not one that identity gave', { cause: fault });
    if (fault instanceof HashingBusy) throw new RpcError('unavailable', fault.message, { cause: fault });
    throw fault;
  }
}
