import type { RefusalCode } from '../contract/index.ts';
import { typedPassword } from './domain/password-rules.ts';
import { refused, type Refusal } from './domain/refusal.ts';
import { take } from './limits.ts';
import type { IdentityParts } from './parts.ts';

/** Null when `text` is what was hashed; else why not. Wrong tries are counted by account, and before they are checked: tries at once are not free. */
export async function proveByHash(
  parts: Pick<IdentityParts, 'hashing' | 'limits' | 'nowMs'>,
  proof: { readonly accountId: string; readonly text: string; readonly hash: string; readonly otherwise: RefusalCode },
): Promise<Refusal | null> {
  const ticket = take([[parts.limits.proofByAccount, proof.accountId]], parts.nowMs());
  if (ticket.kind === 'refused') return ticket;
  if (!(await parts.hashing.verify(typedPassword(proof.text), proof.hash)))
    return refused(proof.otherwise, { field: proof.otherwise === 'pin_wrong' ? 'pin' : 'password' });
  ticket.giveBack();
  return null;
}
