import { randomUUID } from 'node:crypto';

import { bytes, utf8, type KvStore } from '@bioscope/kv';
import { RpcError } from '@bioscope/rpc';

import type { ListDecision, MyList } from './domain/my-list.ts';

const LISTS = 'home_lists';
/** A profile on two devices makes two conflicts; more than this is a fault. */
const ATTEMPTS_MAX = 5;

/** Each profile's list in one register: an order is one decision. */
export type ListStore = {
  read(profileId: string): Promise<MyList>;
  /** Durable when it resolves. Rejects with `aborted` after too many conflicts. */
  change(profileId: string, decide: (list: MyList) => ListDecision): Promise<ListDecision>;
  forget(profileId: string): Promise<void>;
};

export function listStore({ registers }: Pick<KvStore, 'registers'>): ListStore {
  const at = (profileId: string) => ({ namespace: LISTS, name: profileId });
  return {
    async read(profileId) {
      const register = await registers.read(at(profileId));
      return register === null ? [] : listIn(register.value);
    },
    async change(profileId, decide) {
      for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
        const register = await registers.read(at(profileId));
        const list = register === null ? [] : listIn(register.value);
        const decision = decide(list);
        if (decision.kind === 'refused' || decision.list === list) return decision;
        const write = { ...at(profileId), value: bytes(JSON.stringify(decision.list)), commandId: randomUUID() };
        const written =
          register === null
            ? await registers.create(write)
            : await registers.compareAndSet({ ...write, expectedVersion: register.version });
        if (written.kind === 'created' || written.kind === 'set') return decision;
      }
      throw new RpcError('aborted', `the list was changed ${ATTEMPTS_MAX} times meanwhile; try again`);
    },
    async forget(profileId) {
      for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
        const register = await registers.read(at(profileId));
        if (register === null) return;
        const removed = await registers.remove({ ...at(profileId), expectedVersion: register.version, commandId: randomUUID() });
        if (removed.kind === 'set') return;
      }
      throw new Error(`the list of a removed profile was changed ${ATTEMPTS_MAX} times meanwhile`);
    },
  };
}

/** Written by this file. */
function listIn(value: Uint8Array): MyList {
  return JSON.parse(utf8(value)) as MyList;
}
