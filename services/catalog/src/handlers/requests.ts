import { RpcError } from '@bioscope/rpc';

const ID = /^[A-Za-z0-9_-]{1,64}$/;

/** Checks an id from outside; `field` names it in the message. */
export function requireId(field: string, id: string): string {
  if (!ID.test(id))
    throw new RpcError('invalid_argument', `${field} is ${JSON.stringify(id.slice(0, 80))}; 1 to 64 of A-Z a-z 0-9 _ - are wanted`);
  return id;
}

export function invalid(problems: readonly string[]): RpcError {
  return new RpcError('invalid_argument', problems.slice(0, PROBLEMS_TOLD_MAX).join('; '));
}

/** Enough to mend a request; a broken one can have thousands. */
const PROBLEMS_TOLD_MAX = 10;
