import { RpcError } from '@bioscope/rpc';

import { BUNDLES, isBundle, type Bundle } from '../../contract/index.ts';

export function requireBundle(bundle: string): Bundle {
  if (isBundle(bundle)) return bundle;
  throw new RpcError('invalid_argument', `bundle is ${JSON.stringify(bundle.slice(0, 40))}; there are ${BUNDLES.join(', ')}`);
}
