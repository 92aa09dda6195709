import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { randomFrom } from '../src/conformance/check.ts';
import { KvFault, type KvStore } from '../src/port.ts';
import { openKv } from '../src/sqlite/index.ts';
import { type Checked, registerHistory, streamHistory } from './fault-histories.ts';

const SEED = 20_261_127;
const HISTORIES = 12;

describe('a check of histories with lost answers', () => {
  let folder: string;
  let store: KvStore;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-kv-'));
    store = await openKv({ folder });
  });
  after(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  for (const [what, history] of [
    ['stream', streamHistory],
    ['register', registerHistory],
  ] as const) {
    it(`accepts ${what} histories of clients who send the same command again`, async () => {
      const histories = await record(what, history, 'same command');
      for (const each of histories) assert.ok(each.isLinearizable, JSON.stringify(each.calls));
      assert.ok(
        histories.some(({ unclear }) => unclear > 0),
        'no answer was lost for good',
      );
    });

    it(`finds the mistake of clients who send what got no answer as a new command (${what})`, async () => {
      const histories = await record(what, history, 'fresh command');
      assert.ok(histories.some((each) => !each.isLinearizable));
    });
  }

  async function record(what: string, history: typeof streamHistory, resend: 'same command' | 'fresh command'): Promise<Checked[]> {
    const random = randomFrom(SEED);
    const found: Checked[] = [];
    for (let index = 0; index < HISTORIES; index += 1) {
      const stores = [losingAnswers(store, random)];
      const name = `${what} ${resend} ${index}`;
      found.push(await history({ stores, namespace: 'histories', name, random, deadlineMs: { min: 5_000, max: 5_001 }, resend }));
    }
    return found;
  }
});

/** Does everything, and then often does not say so. */
function losingAnswers({ streams, registers, ...rest }: KvStore, random: () => number): KvStore {
  const losing = async <T>(done: Promise<T>): Promise<T> => {
    const answer = await done;
    if (random() < 0.4) throw new KvFault('KV_DEADLINE', 'the answer was lost');
    return answer;
  };
  return {
    ...rest,
    streams: { ...streams, append: (request, options) => losing(streams.append(request, options)) },
    registers: {
      ...registers,
      create: (request, options) => losing(registers.create(request, options)),
      compareAndSet: (request, options) => losing(registers.compareAndSet(request, options)),
    },
  };
}
