import { RpcError } from '@bioscope/rpc';

const ID = /^[A-Za-z0-9_-]{1,64}$/;

/** Checks an id from outside; `field` names it in the message. */
export function requireId(field: string, id: string): string {
  if (!ID.test(id)) throw new RpcError('invalid_argument', `${field} must be 1 to 64 of A-Z a-z 0-9 _ -`);
  return id;
}
