import { type KvStore, KV_FAULTS, KvFault } from '../src/port.ts';
import { bytes, utf8 } from '../src/text.ts';
import { newToken } from '../src/token.ts';
import { all } from '../src/conformance/check.ts';
import { type Call, isLinearizable } from '../src/conformance/linearizability.ts';
import { type RegisterDid, registerModel, type StreamDid, streamModel, valueOf } from '../src/conformance/sequential-models.ts';

export type HistoryOptions = {
  /** Clients take turns among them, as if each were a process. */
  readonly stores: readonly KvStore[];
  readonly namespace: string;
  /** Of the stream or register, new for each history. */
  readonly name: string;
  readonly random: () => number;
  readonly deadlineMs: { readonly min: number; readonly max: number };
  /** How a client sends again what got no answer. `fresh command` is the mistake that the check must find. */
  readonly resend: 'same command' | 'fresh command';
};
export type Checked = { readonly isLinearizable: boolean; readonly calls: readonly Call<unknown>[]; readonly unclear: number };

const CLIENTS = 4;
const CALLS_PER_CLIENT = 8;
const SENDS_MAX = 3;

/** Many clients on one stream while answers get lost; whether what they saw could have happened one call at a time. */
export async function streamHistory(options: HistoryOptions): Promise<Checked> {
  const { namespace, name, random } = options;
  let head = 0;
  const calls = await record<StreamDid>(options, async (store, text, send) => {
    if (random() < 0.3) {
      const answer = await send('once', (_, limits) => store.streams.read({ namespace, stream: name }, limits));
      return answer === null ? null : { kind: 'read', saw: answer.events.map(({ data }) => utf8(data)).join(' ') };
    }
    const expected = head;
    const events = [{ type: 'happened', data: bytes(text) }];
    const result = await send('again', (commandId, limits) =>
      store.streams.append({ namespace, stream: name, expectedVersion: expected, events, commandId }, limits),
    );
    head = Math.max(head, result?.version ?? 0);
    return { kind: 'append', expected, text, result };
  });
  return checked(calls, isLinearizable(calls, streamModel));
}

export async function registerHistory(options: HistoryOptions): Promise<Checked> {
  const { namespace, name, random } = options;
  // As the port asks: nobody expects a version that nobody has seen. What was refused for that and got no answer before could still happen, once it fits.
  let version = 0;
  const calls = await record<RegisterDid>(options, async (store, text, send) => {
    const dice = random();
    const value = bytes(text);
    if (dice < 0.3) {
      const answer = await send('once', async (_, limits) => ({ saw: await store.registers.read({ namespace, name }, limits) }));
      return answer === null ? null : { kind: 'read', saw: valueOf(answer.saw) };
    }
    if (version === 0 || dice < 0.45) {
      const result = await send('again', (commandId, limits) => store.registers.create({ namespace, name, value, commandId }, limits));
      if (result !== null) version = Math.max(version, result.kind === 'created' ? result.version : result.current.version);
      return { kind: 'create', text, result };
    }
    const expected = version;
    const result = await send('again', (commandId, limits) =>
      store.registers.compareAndSet({ namespace, name, expectedVersion: expected, value, commandId }, limits),
    );
    if (result !== null) version = Math.max(version, result.kind === 'set' ? result.version : (result.current?.version ?? 1));
    return { kind: 'set', expected, text, result };
  });
  return checked(calls, isLinearizable(calls, registerModel));
}

type Send = <T>(times: 'once' | 'again', work: (commandId: string, limits: { deadlineMs: number }) => Promise<T>) => Promise<T | null>;

/** A call that did not get an answer to any of its sends is unclear; a read without an answer (null) says nothing and is left out. */
async function record<Did extends { readonly kind: string }>(
  { stores, random, deadlineMs, resend }: HistoryOptions,
  call: (store: KvStore, text: string, send: Send) => Promise<Did | null>,
): Promise<Call<Did>[]> {
  const calls: Call<Did>[] = [];
  await all(CLIENTS, async (client) => {
    const store = stores[client % stores.length];
    if (store === undefined) throw new Error('there is no store');
    for (let index = 0; index < CALLS_PER_CLIENT; index += 1) {
      let isUnclear = false;
      const send: Send = async (times, work) => {
        const commandId = newToken().nonce;
        const limits = { deadlineMs: deadlineMs.min + Math.floor(random() * (deadlineMs.max - deadlineMs.min)) };
        for (let attempt = 0; attempt < (times === 'once' ? 1 : SENDS_MAX); attempt += 1) {
          try {
            return await work(resend === 'same command' ? commandId : newToken().nonce, limits);
          } catch (error) {
            if (!(error instanceof KvFault) || !KV_FAULTS[error.code].retry) throw error;
          }
        }
        isUnclear = true;
        return null;
      };
      const startedAt = performance.now();
      const did = await call(store, `${client}.${index}`, send);
      if (did !== null) calls.push({ startedAt, endedAt: isUnclear ? Infinity : performance.now(), did, isUnclear });
    }
  });
  return calls;
}

function checked(calls: readonly Call<unknown>[], verdict: boolean): Checked {
  return { isLinearizable: verdict, calls, unclear: calls.filter(({ isUnclear }) => isUnclear === true).length };
}
