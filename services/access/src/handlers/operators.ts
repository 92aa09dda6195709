import type { Passport } from '@bioscope/passport';
import { RpcError } from '@bioscope/rpc';

/** Rejects everybody else. */
export function requireOperator({ accountId, isOperator }: Passport): void {
  if (accountId === '' || !isOperator) throw new RpcError('permission_denied', 'only operators may look into decisions');
}
