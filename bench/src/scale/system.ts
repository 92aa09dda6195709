import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { HOME_PAGE, HOME_PAGE_SHA256 } from '../home/page.ts';
import { cpuNsOfProcess } from '../delivery/cpu.ts';
import { speakTo } from '../speak-to.ts';
import type { Spoken } from '../speak-to.ts';
import type { Command, Report } from './parts.ts';

type Part = Spoken<Command, Report> & { readonly address: string; readonly pid: number };

/** The system that is measured, and who asks it. */
export type System = {
  /** These instances (by number, from 0) and no others take part. Resolves when all processes know, and nobody counts as new any more. Answers what doing nothing cost in that time. */
  takePart(numbers: readonly number[]): Promise<Spent>;
  /** Asked so many pages. Answers how many did not come, or not as the first one did. */
  ask(calls: number): Promise<number>;
  /** CPU of those that take part, asked so many pages, and how many calls those between them were. */
  measure(calls: number): Promise<Spent & { readonly wrong: number; readonly callsInside: number }>;
};

/** CPU milliseconds in a stretch of time. */
export type Spent = {
  readonly wallMs: number;
  readonly frontMs: number;
  readonly behindMs: number;
  /** Of each instance that takes part. */
  readonly instancesMs: readonly number[];
};

const PROCESS = join(import.meta.dirname, 'process.ts');
/** Members at once, whatever the number of instances: two for each of eight. */
const IN_FLIGHT = 16;
/** Of one command, so that each is answered soon even on a busy machine. */
const CALLS_AT_A_TIME = 400;
/** An instance's share grows for ten seconds from when it joins: only then are all alike. */
const NEW_FOR_MS = 10_500;
/** What was asked before, and that somebody joined, has echoes: they are not what doing nothing costs. */
const RESTLESS_MS = 2_500;
const KNOWN_MS_MAX = 30_000;

/** Starts everything and fills the catalogue. `children` are ended by `endAll`, also when this rejects. */
export async function startSystem(needs: {
  folder: string;
  instances: number;
  children: ChildProcess[];
  readonly say: (line: string) => void;
}): Promise<System> {
  const { folder, children, say } = needs;
  const operations = join(folder, 'operations.json');
  await writeFile(operations, JSON.stringify({ [HOME_PAGE_SHA256]: HOME_PAGE }));

  async function start(...words: readonly string[]): Promise<Part> {
    // What they log must not stand among the figures.
    const child = fork(PROCESS, words, { stdio: ['ignore', 2, 2, 'ipc'] });
    children.push(child);
    const spoken = speakTo<Command, Report>(child);
    const { address } = await spoken.next('ready');
    assert(child.pid !== undefined);
    return { ...spoken, address, pid: child.pid };
  }

  const behind = await start('behind', await folderFor(folder, 'behind'));
  const startInstance = async (number: number): Promise<Part> =>
    await start('instance', await folderFor(folder, `instance-${number}`), behind.address, operations);
  const instances = [await startInstance(0)];
  say('filling the catalogue');
  await behind.ask({ kind: 'fill' }, 'did');
  for (let number = 1; number < needs.instances; number += 1) instances.push(await startInstance(number));
  say(`${instances.length} instances run`);
  const front = await start('front', await folderFor(folder, 'front'), behind.address);
  const load = await start('load', front.address);
  await load.ask({ kind: 'first' }, 'did');
  let taking = instances;

  async function untilAllSee(count: number): Promise<void> {
    const endMs = performance.now() + KNOWN_MS_MAX;
    for (const part of [behind, front, ...taking])
      while ((await part.ask({ kind: 'sees' }, 'instances')).count !== count) {
        if (performance.now() > endMs) throw new Error(`waited in vain until all know of ${count} instances`);
        await pause(50);
      }
  }

  async function ask(calls: number): Promise<number> {
    let wrong = 0;
    for (let left = calls; left > 0; left -= CALLS_AT_A_TIME) {
      const some = Math.min(left, CALLS_AT_A_TIME);
      wrong += (await load.ask({ kind: 'calls', calls: some, inFlight: IN_FLIGHT }, 'done')).wrong;
    }
    return wrong;
  }

  async function answered(): Promise<number> {
    let calls = 0;
    for (const part of [behind, ...taking]) calls += (await part.ask({ kind: 'answered' }, 'calls')).count;
    return calls;
  }

  async function spentIn(work: () => Promise<unknown>): Promise<Spent> {
    const parts = [front, behind, ...taking];
    const startedMs = performance.now();
    const before = parts.map(({ pid }) => cpuNsOfProcess(pid));
    await work();
    const [frontMs = 0, behindMs = 0, ...instancesMs] = parts.map(({ pid }, index) => (cpuNsOfProcess(pid) - (before[index] ?? 0)) / 1e6);
    return { wallMs: performance.now() - startedMs, frontMs, behindMs, instancesMs };
  }

  return {
    async takePart(numbers) {
      const before = taking;
      taking = instances.filter((_, number) => numbers.includes(number));
      for (const part of taking) if (!before.includes(part)) await part.ask({ kind: 'join' }, 'did');
      for (const part of before) if (!taking.includes(part)) await part.ask({ kind: 'leave' }, 'did');
      await untilAllSee(taking.length);
      await pause(RESTLESS_MS);
      return await spentIn(() => pause(NEW_FOR_MS - RESTLESS_MS));
    },
    ask,
    async measure(calls) {
      let wrong = 0;
      const before = await answered();
      const spent = await spentIn(async () => (wrong = await ask(calls)));
      return { ...spent, wrong, callsInside: (await answered()) - before };
    },
  };
}

export async function endAll(children: readonly ChildProcess[]): Promise<void> {
  for (const child of children.toReversed()) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const gone = once(child, 'exit');
    child.kill();
    await gone;
  }
}

async function folderFor(folder: string, name: string): Promise<string> {
  const own = join(folder, name);
  await mkdir(own);
  return own;
}
