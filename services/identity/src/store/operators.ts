import { bytes, type KvStore } from '@bioscope/kv';

/** Whether the service has had an operator yet: then nobody is invited unasked any more. */
export type Operators = {
  any(): Promise<boolean>;
  /** Idempotent. */
  note(accountId: string): Promise<void>;
};

const FIRST = { namespace: 'identity_operators', name: 'first' } as const;

export function operators({ registers }: Pick<KvStore, 'registers'>): Operators {
  return {
    any: async () => (await registers.read(FIRST)) !== null,
    async note(accountId) {
      await registers.create({ ...FIRST, value: bytes(accountId), commandId: accountId });
    },
  };
}
