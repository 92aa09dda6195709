import { bytes, newToken, utf8, type KvStore } from '@bioscope/kv';

const NAMESPACE = 'identity_email_index';
/** Characters that choose the record: some thousand records share the accounts of a large service. */
export const PREFIX_CHARACTERS_MIN = 2;

/** Addresses in their order, for operators who look for a member. Follows the accounts within moments. */
export type EmailIndex = {
  put(email: string, accountId: string): Promise<void>;
  /** Leaves it when another account has it by now. */
  delete(email: string, accountId: string): Promise<void>;
  /** Accounts whose address begins with `prefix`, of at least two characters. */
  find(request: {
    prefix: string;
    accountsMax: number;
    cursor?: string;
  }): Promise<{ accountIds: readonly string[]; cursor: string | null }>;
};

export function emailIndex({ items }: Pick<KvStore, 'items'>): EmailIndex {
  return {
    put: (email, accountId) =>
      items.put({
        namespace: NAMESPACE,
        record: recordOf(email),
        items: [{ key: bytes(email), value: bytes(accountId) }],
        token: newToken(),
      }),
    async delete(email, accountId) {
      const select = { kind: 'keys', keys: [bytes(email)] } as const;
      const found = (await items.get({ namespace: NAMESPACE, record: recordOf(email), select })).items[0];
      if (found === undefined || utf8(found.value) !== accountId) return;
      await items.delete({ namespace: NAMESPACE, record: recordOf(email), select, token: newToken() });
    },
    async find({ prefix, accountsMax, cursor }) {
      const page = { itemsMax: accountsMax, ...(cursor === undefined ? {} : { cursor }) };
      // No UTF-8 text has a byte 0xff: all that begins with the prefix lies before it.
      const select = { kind: 'range', from: bytes(prefix), to: Buffer.concat([bytes(prefix), Buffer.from([0xff])]) } as const;
      const found = await items.get({ namespace: NAMESPACE, record: recordOf(prefix), select, page });
      return { accountIds: found.items.map(({ value }) => utf8(value)), cursor: found.cursor };
    },
  };
}

function recordOf(email: string): string {
  return Array.from(email).slice(0, PREFIX_CHARACTERS_MIN).join('');
}
