import type { Passport } from '@bioscope/passport';
import { RpcError } from '@bioscope/rpc';

const COMMAND_ID = /^[A-Za-z0-9_-]{1,64}$/;
const TOKEN = /^[A-Za-z0-9_-]{1,200}$/;

export function requireCommandId(commandId: string): string {
  if (!COMMAND_ID.test(commandId))
    throw new RpcError(
      'invalid_argument',
      `command_id is ${JSON.stringify(commandId.slice(0, 80))}; 1 to 64 of A-Z a-z 0-9 _ - are wanted`,
    );
  return commandId;
}

/** Not shown in messages: it is a right to charge. */
export function requireToken(paymentToken: string): string {
  if (!TOKEN.test(paymentToken)) throw new RpcError('invalid_argument', "payment_token must be a token of the processor's form");
  return paymentToken;
}

/** The account that asks. Visitors have none. */
export function requireAccount({ accountId }: Pick<Passport, 'accountId'>): string {
  if (accountId === '') throw new RpcError('unauthenticated', 'sign in first');
  return accountId;
}

/** The account, asked for by somebody who may decide about it. Whether the account's PIN was given is access' business; children decide nothing here. */
export function requireGrownUp(asks: Pick<Passport, 'accountId' | 'isKids'>): string {
  if (asks.isKids) throw new RpcError('permission_denied', "children's profiles decide nothing about the membership");
  return requireAccount(asks);
}
