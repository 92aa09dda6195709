import { RpcError } from '@bioscope/rpc';

import type { ListChangesRequest } from '../../contract/index.ts';
import type { RecordedChange, RegistryStore } from '../store.ts';

/** Each carries its schema: at most 200 KiB, usually some 5. */
const CHANGES_MAX = 20;

export async function listChanges(
  { store }: { readonly store: RegistryStore },
  request: ListChangesRequest,
): Promise<{ changes: (Omit<RecordedChange, 'type' | 'reasons'> & { accepted: boolean; reasons: string[] })[] }> {
  const { beforeSequence } = request;
  if (!Number.isSafeInteger(beforeSequence) || beforeSequence < 0)
    throw new RpcError('invalid_argument', 'before_sequence is not a sequence; 0 asks for the newest');
  const asked = request.changesMax === 0 ? CHANGES_MAX : request.changesMax;
  if (!Number.isSafeInteger(asked) || asked < 1) throw new RpcError('invalid_argument', 'changes_max is to be a whole number above 0');
  const changes = await store.changes({ beforeSequence, changesMax: Math.min(asked, CHANGES_MAX) });
  return {
    changes: changes.map(({ type, reasons, ...change }) => ({ ...change, accepted: type === 'schema.accepted', reasons: [...reasons] })),
  };
}
