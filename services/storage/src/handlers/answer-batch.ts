import { RpcError } from '@bioscope/rpc';
import { faultOf } from '../domain/faults.ts';

/** In one request; as many as the embedded engine commits at once would fit twice. */
const OPERATIONS_MAX = 256;
/** Of one answer, but for its first outcome. Much more would keep small outcomes waiting for large ones. */
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;
const LEFT_OUT = new Uint8Array(0);

export type BatchParts = {
  /** The outcome of one operation, written down. */
  readonly perform: (operation: Uint8Array) => Promise<Uint8Array>;
  readonly faulted: (fault: { code: string; message: string }) => Uint8Array;
};

/** Carries out all operations at once, each for itself: the fault of one is its outcome. Those for which the answer has no more room are left out. */
export async function answerBatch(operations: readonly Uint8Array[], { perform, faulted }: BatchParts): Promise<Uint8Array[]> {
  if (operations.length > OPERATIONS_MAX)
    throw new RpcError('invalid_argument', `operations: at most ${OPERATIONS_MAX} at once, not ${operations.length}`);
  let bytes = 0;
  return Promise.all(
    operations.map(async (operation, index) => {
      const outcome = await perform(operation).catch((error: unknown) => {
        const fault = faultOf(error);
        if (fault === null) throw error;
        return faulted(fault);
      });
      if (index > 0 && bytes + outcome.length > ANSWER_BYTES_MAX) return LEFT_OUT;
      bytes += outcome.length;
      return outcome;
    }),
  );
}
