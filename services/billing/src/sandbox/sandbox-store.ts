import { randomUUID } from 'node:crypto';

import { bytes, newToken, utf8, type ItemPage, type KvStore } from '@bioscope/kv';

import type { CardFacts } from '../processor.ts';
import { BEHAVIOURS, type Behaviour } from './test-cards.ts';

const NAMESPACE = 'sandbox';

/** A card that got a token. The number is not kept. */
export type SandboxCard = CardFacts & {
  readonly behaviour: Behaviour;
  /** Null until it is first used. */ readonly customer: string | null;
};
/** What became of a key. */
export type SandboxCharge = {
  readonly customer: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly state: 'succeeded' | 'declined' | 'challenged' | 'closed';
  readonly because: string;
  readonly isHard: boolean;
  readonly reference: string;
  readonly challengeId: string;
};

/** The sandbox's own durable state, as a processor has it somewhere else: registers, each decided once. */
export type SandboxStore = {
  readonly cards: Kept<SandboxCard>;
  readonly charges: Kept<SandboxCharge>;
  /** Which key a challenge is about. */
  readonly challenges: Kept<{ readonly key: string }>;
  /** Before a charge is decided, so that none is ever missing from the statement. */
  note(customer: string, key: string): Promise<void>;
  /** All that was ever charged, declined or challenged for a customer, by key: a processor's own account of it, to compare ours with. */
  statement(customer: string): Promise<ReadonlyMap<string, SandboxCharge>>;
};
export type Kept<T> = {
  read(id: string): Promise<{ readonly value: T; readonly version: number } | null>;
  /** What is kept afterwards, whoever was first. */
  create(id: string, value: T): Promise<T>;
  /** False when somebody else changed it meanwhile. */
  replace(id: string, version: number, value: T): Promise<boolean>;
};

export function sandboxStore({ registers, items }: Pick<KvStore, 'registers' | 'items'>): SandboxStore {
  function kept<T>(kind: string, check: (value: T) => boolean): Kept<T> {
    const nameOf = (id: string): string => `${kind}/${id}`;
    const parse = (value: Uint8Array): T => {
      const parsed = JSON.parse(Buffer.from(value).toString()) as T;
      if (!check(parsed)) throw new TypeError(`the sandbox keeps something under ${kind} that is none`);
      return parsed;
    };
    const encode = (value: T): Uint8Array => Buffer.from(JSON.stringify(value));
    return {
      async read(id) {
        const found = await registers.read({ namespace: NAMESPACE, name: nameOf(id) });
        return found === null ? null : { value: parse(found.value), version: found.version };
      },
      async create(id, value) {
        const created = await registers.create({ namespace: NAMESPACE, name: nameOf(id), value: encode(value), commandId: randomUUID() });
        return created.kind === 'created' ? value : parse(created.current.value);
      },
      async replace(id, expectedVersion, value) {
        const request = { namespace: NAMESPACE, name: nameOf(id), expectedVersion, value: encode(value), commandId: randomUUID() };
        return (await registers.compareAndSet(request)).kind === 'set';
      },
    };
  }

  const charges = kept<SandboxCharge>('charge', ({ state }) => STATES.includes(state));

  return {
    async note(customer, key) {
      await items.put({ namespace: NAMESPACE, record: customer, items: [{ key: bytes(key), value: bytes('') }], token: newToken() });
    },
    async statement(customer) {
      const found = new Map<string, SandboxCharge>();
      for (let cursor: string | null | undefined; cursor !== null;) {
        const page: ItemPage = await items.get({ namespace: NAMESPACE, record: customer, page: cursor === undefined ? {} : { cursor } });
        for (const { key } of page.items) {
          const charge = await charges.read(utf8(key));
          if (charge !== null) found.set(utf8(key), charge.value);
        }
        ({ cursor } = page);
      }
      return found;
    },
    cards: kept<SandboxCard>('card', ({ behaviour }) => BEHAVIOURS.includes(behaviour)),
    charges,
    challenges: kept<{ key: string }>('challenge', ({ key }) => typeof key === 'string'),
  };
}

const STATES: readonly SandboxCharge['state'][] = ['succeeded', 'declined', 'challenged', 'closed'];
