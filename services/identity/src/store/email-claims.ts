import { bytes, utf8, type KvStore } from '@bioscope/kv';

const NAMESPACE = 'identity_emails';

/** Which account an address is claimed for: a register per normalised address, and so one account per address. */
export type EmailClaims = {
  read(email: string): Promise<Claim | null>;
  /** `previous`: the claim that this one replaces, as it was read; null when there was none. False when somebody was faster. */
  claim(email: string, accountId: string, previous: Claim | null): Promise<boolean>;
};
export type Claim = { readonly accountId: string; readonly version: number };

export function emailClaims({ registers }: Pick<KvStore, 'registers'>, newId: () => string): EmailClaims {
  return {
    async read(email) {
      const register = await registers.read({ namespace: NAMESPACE, name: email });
      return register === null ? null : { accountId: utf8(register.value), version: register.version };
    },
    async claim(email, accountId, previous) {
      const write = { namespace: NAMESPACE, name: email, value: bytes(accountId), commandId: newId() };
      if (previous === null) return (await registers.create(write)).kind === 'created';
      // Also when the same account claims again: whoever read the older claim must not be able to replace it any more.
      return (await registers.compareAndSet({ ...write, expectedVersion: previous.version })).kind === 'set';
    },
  };
}
