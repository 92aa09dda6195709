import assert from 'node:assert/strict';
import { bytes, utf8 } from '../text.ts';
import { all, type KvCheck, type KvSubject, thorough } from './check.ts';
import { type Call, isLinearizable } from './linearizability.ts';
import { type RegisterDid, registerModel, type StreamDid, streamModel, valueOf } from './sequential-models.ts';

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
        assert.ok(isLinearizable(calls, registerModel), `not linearizable (seed ${subject.seed}): ${JSON.stringify(calls)}`);
      }
    },
  },
  {
    name: 'makes stream histories that could have happened one call at a time',
    async run(subject) {
      for (let history = 0; history < HISTORIES; history += 1) {
        const heads = { version: 0 };
        const calls = await recordHistory(subject, (client, index) => streamCall(subject, `s${history}`, `${client}.${index}`, heads));
        assert.ok(isLinearizable(calls, streamModel), `not linearizable (seed ${subject.seed}): ${JSON.stringify(calls)}`);
      }
    },
  },
];

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
