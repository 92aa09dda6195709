import type { Passport } from '@bioscope/passport';
import { RpcError, type RequestContext } from '@bioscope/rpc';

type Asks = (call: RequestContext) => Passport;

/** Units through which members and operators ask; others ask for themselves. */
const FOR_MEMBERS: ReadonlySet<string> = new Set(['gateway', 'graph']);

/** Whose account a reading call is about: a member's own, any for operators and units. */
export function accountAsked(asks: Asks, call: RequestContext, accountId: string): string {
  if (accountId !== '' && !FOR_MEMBERS.has(call.caller)) return accountId;
  const passport = asks(call);
  const asked = accountId === '' ? passport.accountId : accountId;
  if (asked === '') throw new RpcError('unauthenticated', 'nobody is signed in');
  if (asked !== passport.accountId && !passport.isOperator) throw new RpcError('permission_denied', 'this is another account');
  return asked;
}

export function memberAsked(asks: Asks, call: RequestContext): Passport {
  const passport = asks(call);
  if (passport.accountId === '') throw new RpcError('unauthenticated', 'nobody is signed in');
  return passport;
}

export function requireOperator(asks: Asks, call: RequestContext): void {
  if (!asks(call).isOperator) throw new RpcError('permission_denied', 'only operators may do this');
}
