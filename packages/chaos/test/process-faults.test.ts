import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { createPauses, createProcessFleet } from '../src/index.ts';
import type { Supervisor } from '../src/index.ts';

/** A process that lives until the test is over. */
function startVictim(test: TestContext): number {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  test.after(() => child.kill('SIGKILL'));
  assert(child.pid !== undefined);
  return child.pid;
}

/** `T` is stopped, `S` sleeps, `Z` has ended; '' is gone. */
function stateOf(pid: number): string {
  try {
    return /^State:\s+(\S)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '';
  } catch {
    return '';
  }
}

async function becomes(pid: number, states: string): Promise<void> {
  const deadlineAtMs = performance.now() + 8_000;
  while (!states.includes(stateOf(pid) || '-') && performance.now() < deadlineAtMs) await new Promise((resolve) => setTimeout(resolve, 10));
  assert(states.includes(stateOf(pid) || '-'), `the process is in the state "${stateOf(pid)}", not in one of "${states}"`);
}

describe('pausing processes', () => {
  it('stops one, and lets it go on when told', async (test) => {
    const pauses = createPauses();
    test.after(() => pauses.close());
    const pid = startVictim(test);
    await pauses.pause(pid, 60_000);
    await becomes(pid, 'T');
    await pauses.resume(pid);
    await becomes(pid, 'S');
  });

  it('lets it go on when the lease is over', async (test) => {
    const pauses = createPauses();
    test.after(() => pauses.close());
    const pid = startVictim(test);
    await pauses.pause(pid, 200);
    await becomes(pid, 'T');
    await becomes(pid, 'S');
  });

  it('lets everything go on when whoever paused it is killed', async (test) => {
    const pid = startVictim(test);
    const child = spawn(process.execPath, [new URL('pauser-to-kill.ts', import.meta.url).pathname, String(pid)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    test.after(() => child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    await becomes(pid, 'T');
    child.kill('SIGKILL');
    await becomes(pid, 'S');
  });

  it('refuses what would stop more than is meant', async () => {
    const pauses = createPauses();
    for (const target of [0, 1, -1, process.pid, Number.NaN]) await assert.rejects(pauses.pause(target, 1_000), /not a process/);
  });
});

describe('a fleet of processes', () => {
  it('lists, kills, holds, pauses, and knows no others', async (test) => {
    const pids = new Map([
      ['one', startVictim(test)],
      ['two', startVictim(test)],
    ]);
    const told: string[] = [];
    const supervisor: Supervisor = {
      list: async () =>
        [...pids].map(([id, pid]) => ({
          id,
          region: 'a',
          zone: '1',
          group: 'play',
          site: '',
          target: 'SRT'.includes(stateOf(pid) || '-') ? pid : null,
        })),
      hold: async (id) => void told.push(`hold ${id} ${stateOf(pids.get(id) ?? 0)}`),
      release: async (id) => void told.push(`release ${id}`),
      restart: async (id) => void told.push(`restart ${id}`),
    };
    const pauses = createPauses();
    test.after(() => pauses.close());
    const fleet = createProcessFleet({ supervisor, pauses });
    const states = async (): Promise<string[]> => (await fleet.list()).map(({ state }) => state);
    assert.deepEqual(await states(), ['running', 'running']);
    await fleet.pause('one', 60_000);
    assert.deepEqual(await states(), ['paused', 'running']);
    await fleet.resume('one');
    assert.deepEqual(await states(), ['running', 'running']);
    await fleet.hold('two', 1_000);
    await becomes(pids.get('two') ?? 0, 'Z-');
    assert.deepEqual(await states(), ['running', 'down']);
    assert.deepEqual(told, ['hold two S'], 'held before it is killed');
    await fleet.kill('two');
    await assert.rejects(fleet.kill('three'), /no process "three"/);
  });
});
