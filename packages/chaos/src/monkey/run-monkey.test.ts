import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Entry } from '../experiment/journal.ts';
import type { Instance } from '../process/fleet.ts';
import { MONKEY_RULES, planDay } from './plan-day.ts';
import { runMonkey } from './run-monkey.ts';
import type { MonkeyNeeds } from './run-monkey.ts';

/** Two days from a Monday on, a minute at a time. */
async function twoDays(given: Partial<MonkeyNeeds> = {}, instances: readonly Instance[] = INSTANCES) {
  const clock = { ms: Date.UTC(2030, 0, 7) };
  const endMs = clock.ms + 2 * 86_400_000;
  const stop = new AbortController();
  const deeds: string[] = [];
  const entries: Entry[] = [];
  await runMonkey(
    {
      fleet: { list: async () => instances, kill: async (id) => void deeds.push(`kill ${id}`) },
      journal: {
        add: async (entry) => {
          entries.push(entry);
          deeds.push(`record ${entry.what} ${entry.detail}`);
        },
        entries: async () => entries,
      },
      mode: 'unleashed',
      rules: MONKEY_RULES,
      salt: 's',
      nowMs: () => clock.ms,
      async pause(ms) {
        clock.ms += ms;
        if (clock.ms > endMs) stop.abort();
      },
      random: () => 0.99,
      told: () => undefined,
      ...given,
    },
    stop.signal,
  );
  return { deeds, entries };
}

const INSTANCES: readonly Instance[] = ['1', '2'].map((zone) => ({
  id: `a-${zone}-play`,
  region: 'a',
  zone,
  group: 'play',
  site: '',
  state: 'running',
}));
const VISITS = [0, 1].flatMap((day) => planDay(Date.UTC(2030, 0, 7 + day), ['a-play'], MONKEY_RULES, 's'));

describe('the monkey', () => {
  it('kills as planned, each kill recorded before it is done', async () => {
    const { deeds, entries } = await twoDays();
    assert.equal(VISITS.length > 0, true);
    assert.deepEqual(
      deeds,
      VISITS.flatMap(() => ['record monkey kill a-2-play', 'kill a-2-play']),
    );
    for (const [at, { atMs }] of VISITS.entries()) assert((entries[at]?.atMs ?? 0) - atMs < 60_000);
  });

  it('leashed: records what it would do, and does nothing; off: not even that', async () => {
    const { deeds } = await twoDays({ mode: 'leashed' });
    assert.deepEqual(
      deeds,
      VISITS.map(() => 'record would kill a-2-play'),
    );
    assert.deepEqual((await twoDays({ mode: 'off' })).deeds, []);
  });

  it('kills nobody in doubt: something is down, nobody can tell, recording fails, the last of its kind, all spared', async () => {
    const down = INSTANCES.map((each, at) => (at === 0 ? { ...each, state: 'down' as const } : each));
    assert.deepEqual((await twoDays({}, down)).deeds, []);
    const kills: string[] = [];
    const kill = async (id: string): Promise<void> => void kills.push(id);
    await twoDays({ fleet: { list: () => Promise.reject(new Error('gone')), kill } });
    await twoDays({
      fleet: { list: async () => INSTANCES, kill },
      journal: { add: () => Promise.reject(new Error('full')), entries: async () => [] },
    });
    assert.deepEqual(kills, []);
    assert.deepEqual((await twoDays({}, INSTANCES.slice(0, 1))).deeds, []);
    assert.deepEqual((await twoDays({ rules: { ...MONKEY_RULES, except: ['*-play'] } })).deeds, []);
  });
});
