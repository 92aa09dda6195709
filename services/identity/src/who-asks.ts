import type { OperatorGuard } from '@bioscope/access/contract/operator-guard';
import type { Passport } from '@bioscope/passport';
import { RpcError, type RequestContext } from '@bioscope/rpc';

type Asks = (call: RequestContext) => Passport;

/** Units through which members and operators ask; others ask for themselves. */
const FOR_MEMBERS: ReadonlySet<string> = new Set(['gateway', 'graph']);

export type WhoAsks = { readonly asks: Asks; readonly operators: OperatorGuard };

/** Whose account a reading call is about: a member's own, any for units, and for operators whom access lets look after members. */
export async function accountAsked({ asks, operators }: WhoAsks, call: RequestContext, accountId: string): Promise<string> {
  if (accountId !== '' && !FOR_MEMBERS.has(call.caller)) return accountId;
  const passport = asks(call);
  const asked = accountId === '' ? passport.accountId : accountId;
  if (asked === '') throw new RpcError('unauthenticated', 'nobody is signed in');
  if (asked !== passport.accountId) await operators.check('members', call);
  return asked;
}

export function memberAsked(asks: Asks, call: RequestContext): Passport {
  const passport = asks(call);
  if (passport.accountId === '') throw new RpcError('unauthenticated', 'nobody is signed in');
  return passport;
}
