import { bytes, newToken, utf8, type KvStore } from '@bioscope/kv';

import type { Message } from './domain/message.ts';

const MESSAGES = 'mail_messages';
const OUTBOX = 'mail_outbox';
const RECORD = 'messages';
/** Conflicts come from one message's sender and a look at it: more in a row are a fault. */
const CONFLICTS_MAX = 20;

/** A place in the outbox: a hint that there is a message, made before and removed after it, so that a crash leaves one too many, never one too few. */
export type Entry = { readonly key: string; readonly id: string; readonly createdAtMs: number };

/** How messages lie in the store: a register per message, which decides what became of it; and the outbox, their ids in the order of time. */
export type MailStore = {
  /** Keeps a message unless there is one with its id; answers the one that counts. */
  keep(message: Message): Promise<Message>;
  read(id: string): Promise<Message | null>;
  /** Null when there is no such message. `change` may be asked several times. */
  change(id: string, change: (message: Message) => Message): Promise<Message | null>;
  entries(page: { order: 'ascending' | 'descending'; entriesMax: number; cursor?: string }): Promise<{
    entries: readonly Entry[];
    cursor: string | null;
  }>;
  forget(entry: Entry): Promise<void>;
};

export function mailStore(kv: KvStore, newId: () => string): MailStore {
  const { items, registers } = kv;

  async function read(id: string): Promise<{ message: Message; version: number } | null> {
    const register = await registers.read({ namespace: MESSAGES, name: id });
    return register === null ? null : { message: JSON.parse(utf8(register.value)) as Message, version: register.version };
  }

  return {
    async keep(message) {
      const known = await read(message.id);
      const candidate = known?.message ?? message;
      await items.put({
        namespace: OUTBOX,
        record: RECORD,
        items: [{ key: bytes(keyOf(candidate)), value: bytes('') }],
        token: newToken(),
      });
      if (known !== null) return known.message;
      const value = bytes(JSON.stringify(message));
      const created = await registers.create({ namespace: MESSAGES, name: message.id, value, commandId: newId() });
      return created.kind === 'created' ? message : (JSON.parse(utf8(created.current.value)) as Message);
    },
    read: async (id) => (await read(id))?.message ?? null,
    async change(id, change) {
      for (let conflicts = 0; conflicts < CONFLICTS_MAX; conflicts += 1) {
        const found = await read(id);
        if (found === null) return null;
        const next = change(found.message);
        if (next === found.message) return next;
        const value = bytes(JSON.stringify(next));
        const set = await registers.compareAndSet({
          namespace: MESSAGES,
          name: id,
          expectedVersion: found.version,
          value,
          commandId: newId(),
        });
        if (set.kind === 'set') return next;
      }
      throw new Error(`message ${id} changed ${CONFLICTS_MAX} times while it was to be changed`);
    },
    async entries({ order, entriesMax, cursor }) {
      const page = { itemsMax: entriesMax, ...(cursor === undefined ? {} : { cursor }) };
      const found = await items.get({ namespace: OUTBOX, record: RECORD, select: { kind: 'all', order }, page });
      return { entries: found.items.map(({ key }) => entryOf(utf8(key))), cursor: found.cursor };
    },
    async forget({ key, id }) {
      const found = await read(id);
      // Another entry of the same message is the right one when two senders raced.
      if (found !== null && keyOf(found.message) === key)
        await registers.remove({ namespace: MESSAGES, name: id, expectedVersion: found.version, commandId: newId() });
      await items.delete({ namespace: OUTBOX, record: RECORD, select: { kind: 'keys', keys: [bytes(key)] }, token: newToken() });
    },
  };
}

/** Sorts by time; 15 digits of milliseconds last for 30 000 years. */
export function keyOf({ id, createdAtMs }: Pick<Message, 'id' | 'createdAtMs'>): string {
  return `${String(createdAtMs).padStart(15, '0')}/${id}`;
}

function entryOf(key: string): Entry {
  return { key, id: key.slice(16), createdAtMs: Number(key.slice(0, 15)) };
}
