import assert from 'node:assert/strict';
import type { Appended, Register, RegisterCreated, RegisterSet } from '../port.ts';
import { bytes, utf8 } from '../text.ts';
import { all, type KvCheck, type KvSubject, thorough } from './check.ts';
import { type Call, isLinearizable, type Sequential } from './linearizability.ts';

type Value = { readonly text: string; readonly version: number };
type RegisterDid =
  | { readonly kind: 'read'; readonly saw: Value | null }
  | { readonly kind: 'create'; readonly text: string; readonly result: RegisterCreated }
  | { readonly kind: 'set'; readonly expected: number; readonly text: string; readonly result: RegisterSet };

type StreamDid =
  | { readonly kind: 'append'; readonly expected: number; readonly text: string; readonly result: Appended }
  | { readonly kind: 'read'; readonly saw: string };

const CLIENTS = 5;
const CALLS_PER_CLIENT = 8;
const HISTORIES = thorough ? 60 : 8;

export const raceChecks: readonly KvCheck[] = [
  {
    name: 'makes register histories that could have happened one call at a time',
    async run(subject) {
      for (let history = 0; history < HISTORIES; history += 1) {
        const heads = { version: 1 };
        const calls = await recordHistory(subject, (client, index) => registerCall(subject, `r${history}`, `${client}.${index}`, heads));
        assert.ok(isLinearizable(calls, register), `not linearizable (seed ${subject.seed}): ${JSON.stringify(calls)}`);
      }
    },
  },
  {
    name: 'makes stream histories that could have happened one call at a time',
    async run(subject) {
      for (let history = 0; history < HISTORIES; history += 1) {
        const heads = { version: 0 };
        const calls = await recordHistory(subject, (client, index) => streamCall(subject, `s${history}`, `${client}.${index}`, heads));
        assert.ok(isLinearizable(calls, stream), `not linearizable (seed ${subject.seed}): ${JSON.stringify(calls)}`);
      }
    },
  },
];

/** A register as one caller at a time sees it. In a box, because null as a state would mean "impossible". */
const register: Sequential<{ readonly current: Value | null }, RegisterDid> = {
  initial: { current: null },
  key: ({ current }) => (current === null ? '' : `${current.version}:${current.text}`),
  apply(state, did) {
    const { current } = state;
    if (did.kind === 'read') return same(did.saw, current) ? state : null;
    if (did.kind === 'create') {
      if (did.result.kind === 'exists') return same(valueOf(did.result.current), current) ? state : null;
      return current === null ? { current: { text: did.text, version: did.result.version } } : null;
    }
    if (did.result.kind === 'conflict') {
      return current?.version !== did.expected && same(valueOf(did.result.current), current) ? state : null;
    }
    const fits = current?.version === did.expected && did.result.version === did.expected + 1;
    return fits ? { current: { text: did.text, version: did.result.version } } : null;
  },
};

/** A stream as one caller at a time sees it: its events joined by blanks. */
const stream: Sequential<string, StreamDid> = {
  initial: '',
  key: (state) => state,
  apply(state, did) {
    if (did.kind === 'read') return did.saw === state ? state : null;
    const version = state.length === 0 ? 0 : state.split(' ').length;
    if (did.result.kind === 'conflict') return did.expected !== version && did.result.version === version ? state : null;
    return did.expected === version && did.result.version === version + 1 ? (version === 0 ? did.text : `${state} ${did.text}`) : null;
  },
};

async function recordHistory<Did>(subject: KvSubject, call: (client: number, index: number) => Promise<Did>): Promise<Call<Did>[]> {
  const calls: Call<Did>[] = [];
  await all(CLIENTS, async (client) => {
    for (let index = 0; index < CALLS_PER_CLIENT; index += 1) {
      // Some clients pause, so that calls overlap in different ways.
      if (subject.random() < 0.5) await new Promise((resolve) => setTimeout(resolve, subject.random() * 3));
      const startedAt = performance.now();
      const did = await call(client, index);
      calls.push({ startedAt, endedAt: performance.now(), did });
    }
  });
  return calls;
}

async function registerCall(
  { store, namespace, random }: KvSubject,
  name: string,
  text: string,
  heads: { version: number },
): Promise<RegisterDid> {
  const { registers } = store();
  const dice = random();
  if (dice < 0.3) return { kind: 'read', saw: valueOf(await registers.read({ namespace, name })) };
  if (dice < 0.5) return { kind: 'create', text, result: await registers.create({ namespace, name, value: bytes(text), commandId: text }) };
  const expected = heads.version;
  const result = await registers.compareAndSet({ namespace, name, expectedVersion: expected, value: bytes(text), commandId: text });
  heads.version = Math.max(heads.version, result.kind === 'set' ? result.version : (result.current?.version ?? 1));
  return { kind: 'set', expected, text, result };
}

// What some client saw last is often right, often just overtaken: so both outcomes occur.
async function streamCall(
  { store, namespace, random }: KvSubject,
  name: string,
  text: string,
  heads: { version: number },
): Promise<StreamDid> {
  const { streams } = store();
  if (random() < 0.3) {
    const { events } = await streams.read({ namespace, stream: name });
    return { kind: 'read', saw: events.map(({ data }) => utf8(data)).join(' ') };
  }
  const expected = heads.version;
  const events = [{ type: 'happened', data: bytes(text) }];
  const result = await streams.append({ namespace, stream: name, expectedVersion: expected, events, commandId: text });
  heads.version = Math.max(heads.version, result.version);
  return { kind: 'append', expected, text, result };
}

function valueOf(current: Register | null): Value | null {
  return current === null ? null : { text: utf8(current.value), version: current.version };
}

function same(a: Value | null, b: Value | null): boolean {
  return a?.version === b?.version && a?.text === b?.text;
}
