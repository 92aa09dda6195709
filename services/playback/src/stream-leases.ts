import { randomUUID } from 'node:crypto';
import { bytes, utf8, type KvStore } from '@bioscope/kv';
import { RpcError } from '@bioscope/rpc';
import {
  freeSlot,
  isAlive,
  NO_STREAMS,
  renewSlot,
  takeSlot,
  type StreamSlot,
  type StreamSlots,
  type Streaming,
} from './domain/stream-slots.ts';

/** Who streams on an account, decided by compare-and-set on one register per account: exact, whatever the number of processes that ask. */
export type StreamLeases = {
  take(accountId: string, who: Streaming, limits: { readonly streamsMax: number; readonly isBeginning?: boolean }): Promise<Leased>;
  /** `lost`: given to another session meanwhile, or stopped by the member. */
  renew(accountId: string, slot: Pick<StreamSlot, 'sessionId' | 'fence'>): Promise<'renewed' | 'lost'>;
  free(accountId: string, sessionId: string): Promise<void>;
  list(accountId: string): Promise<readonly StreamSlot[]>;
};
export type Leased = { readonly kind: 'leased'; readonly fence: number } | { readonly kind: 'full'; readonly held: readonly StreamSlot[] };

const NAMESPACE = 'playback_streams';
/** Changes of one account that wait in this process are decided together: of a thousand that come at once, one write tells all. */
const TOGETHER_MAX = 256;
/** Other processes may be first so often in a row; each time one of them got something done. */
const ATTEMPTS_MAX = 20;
/** Accounts with waiting changes; more is an attack or a stall of the store, and refused at once. */
const ACCOUNTS_WAITING_MAX = 20_000;

/** Pure; called again when another process was first. */
type Change = (slots: StreamSlots) => { readonly slots: StreamSlots; readonly answer: () => void };
type Waiting = { readonly change: Change; readonly fail: (fault: unknown) => void };

export function streamLeases({ registers }: Pick<KvStore, 'registers'>, { nowMs }: { nowMs: () => number }): StreamLeases {
  const waiting = new Map<string, Waiting[]>();

  /** Queues a change; the first of an account works until none waits. */
  function change<T>(accountId: string, decide: (slots: StreamSlots) => { slots: StreamSlots; answer: T }): Promise<T> {
    return new Promise((resolve, reject) => {
      const queue = waiting.get(accountId);
      const entry: Waiting = {
        change(slots) {
          const { slots: after, answer } = decide(slots);
          return { slots: after, answer: () => resolve(answer) };
        },
        fail: reject,
      };
      if (queue !== undefined) queue.push(entry);
      else if (waiting.size >= ACCOUNTS_WAITING_MAX) reject(new RpcError('resource_exhausted', 'too many streams start at once'));
      else void work(accountId, [entry]);
    });
  }

  async function work(accountId: string, queue: Waiting[]): Promise<void> {
    waiting.set(accountId, queue);
    while (queue.length > 0) {
      const batch = queue.splice(0, TOGETHER_MAX);
      try {
        for (const answer of await decideTogether(accountId, batch)) answer();
      } catch (fault) {
        for (const { fail } of batch) fail(fault);
      }
    }
    waiting.delete(accountId);
  }

  async function decideTogether(accountId: string, batch: readonly Waiting[]): Promise<readonly (() => void)[]> {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      const current = await registers.read({ namespace: NAMESPACE, name: accountId });
      const before = current === null ? NO_STREAMS : read(current.value);
      let slots = before;
      const answers = batch.map((waits) => {
        const decided = waits.change(slots);
        slots = decided.slots;
        return decided.answer;
      });
      if (slots === before) return answers;
      const write = { namespace: NAMESPACE, name: accountId, value: bytes(JSON.stringify(slots)), commandId: randomUUID() };
      const written =
        current === null
          ? (await registers.create(write)).kind === 'created'
          : (await registers.compareAndSet({ ...write, expectedVersion: current.version })).kind === 'set';
      if (written) return answers;
    }
    throw new RpcError('aborted', 'others change the streams of this account all the time: try again');
  }

  return {
    take: (accountId, who, limits) =>
      change<Leased>(accountId, (slots) => {
        const taken = takeSlot(slots, who, { ...limits, nowMs: nowMs() });
        if (taken.kind === 'full') return { slots, answer: taken };
        return { slots: taken.slots, answer: { kind: 'leased', fence: taken.fence } };
      }),
    renew: (accountId, slot) =>
      change<'renewed' | 'lost'>(accountId, (slots) => {
        const renewed = renewSlot(slots, slot, nowMs());
        return renewed === null ? { slots, answer: 'lost' } : { slots: renewed, answer: 'renewed' };
      }),
    free: (accountId, sessionId) => change<void>(accountId, (slots) => ({ slots: freeSlot(slots, sessionId), answer: undefined })),
    async list(accountId) {
      const current = await registers.read({ namespace: NAMESPACE, name: accountId });
      return current === null ? [] : read(current.value).held.filter((slot) => isAlive(slot, nowMs()));
    },
  };
}

/** What lies in this namespace was written by this file. */
function read(value: Uint8Array): StreamSlots {
  return JSON.parse(utf8(value)) as StreamSlots;
}
