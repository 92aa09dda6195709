import { scopeOf } from '@bioscope/rpc';
import type { InboundFilter } from './chain.ts';

/** Says whom a request concerns, so that a fault on purpose (packages/chaos) can be kept to some members. Only where faults may be ordered. */
export const sayScope: InboundFilter['run'] = (exchange) => {
  const account = exchange.asker?.accountId ?? '';
  if (account !== '') exchange.scope = scopeOf(account);
  return undefined;
};
