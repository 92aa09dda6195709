import type { Passport } from '@bioscope/passport';
import { RpcError } from '@bioscope/rpc';

import { BUNDLES, isBundle, type Bundle } from '../../contract/index.ts';

export type Operator = Pick<Passport, 'accountId' | 'isOperator'>;

export function requireBundle(bundle: string): Bundle {
  if (isBundle(bundle)) return bundle;
  throw new RpcError('invalid_argument', `bundle is ${JSON.stringify(bundle.slice(0, 40))}; there are ${BUNDLES.join(', ')}`);
}

export function requireOperator({ isOperator }: Operator): void {
  if (!isOperator) throw new RpcError('permission_denied', 'texts are changed by operators');
}
