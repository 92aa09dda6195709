import { JobFault } from '@bioscope/jobs';
import { KvFault } from '@bioscope/kv';
import { RpcError } from '@bioscope/rpc';

const DOWN: ReadonlySet<string> = new Set(['KV_DEADLINE', 'KV_UNAVAILABLE', 'KV_NO_SPACE', 'JOB_CLOSED']);

/** Runs a use case and tells the caller of a store that is down that it may try again; other faults stay what they are. */
export async function answering<T>(useCase: () => Promise<T>): Promise<T> {
  try {
    return await useCase();
  } catch (fault) {
    if ((fault instanceof KvFault || fault instanceof JobFault) && DOWN.has(fault.code))
      throw new RpcError('unavailable', 'the store of mail does not answer; try again', { cause: fault });
    throw fault;
  }
}
