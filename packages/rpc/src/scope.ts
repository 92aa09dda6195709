import { createHash } from 'node:crypto';

/** What `SCOPE_HEADER` says of an account: always the same, and nothing by which anybody could tell who it is. 16 hexadecimal digits. */
export function scopeOf(accountId: string): string {
  return createHash('sha256').update(`scope ${accountId}`).digest('hex').slice(0, 16);
}
