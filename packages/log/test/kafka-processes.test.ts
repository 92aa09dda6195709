import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { engineForTests, engineMissing } from '@bioscope/engines/testing';
import { eventually } from '../src/conformance/check.ts';

const KILLS = process.env['BIOSCOPE_TEST_ALL'] === '1' ? 12 : 2;
const KEYS = 8;
/** A member that is killed is missed after its session of ten seconds. */
const TAKEN_OVER_MS_MAX = 60_000;
/** What a handler gets at most. */
const BATCH_RECORDS_MAX = 100;

/** What a process said, line by line; it was killed when `child` is gone. */
type Speaker = { readonly child: ChildProcess; readonly lines: () => string[]; readonly errors: () => string };

describe('the Kafka log between processes', { skip: engineMissing('kafka'), timeout: 15 * 60_000 }, () => {
  it(`loses nothing over ${KILLS} kills of a publisher and of members of a group, and repeats only what a killed member had not committed`, async () => {
    const kafka = await engineForTests('kafka');
    const brokers = kafka.addresses.bootstrap;
    const topicPrefix = `test-${randomUUID()}.`;
    const start = (file: string, ...more: string[]): Speaker => startProcess(file, [brokers.join(','), topicPrefix, ...more]);
    const writers: Speaker[] = [];
    const members: Speaker[] = [start('kafka-member-to-kill.ts'), start('kafka-member-to-kill.ts')];
    const acknowledged = (): Map<string, number> => lastNumbers(writers.flatMap((writer) => writer.lines()));
    const startWriter = (): void =>
      void writers.push(start('kafka-writer-to-kill.ts', String(KEYS), JSON.stringify(Object.fromEntries(acknowledged()))));
    try {
      startWriter();
      for (let kill = 0; kill < KILLS; kill += 1) {
        const before = { handled: handledBy(members).length, acknowledged: sum(acknowledged()) };
        await eventually(
          'records are published and handled',
          () => handledBy(members).length > before.handled + KEYS && sum(acknowledged()) > before.acknowledged + KEYS,
          TAKEN_OVER_MS_MAX,
        );
        await endProcess(writers.at(-1));
        startWriter();
        await endProcess(members[kill]);
        members.push(start('kafka-member-to-kill.ts'));
      }
      await endProcess(writers.at(-1));
      await eventually('all are handled', () => isAllHandled(handledBy(members), acknowledged()), TAKEN_OVER_MS_MAX);
      verify(members, acknowledged());
    } finally {
      await Promise.all([...writers, ...members].map(endProcess));
      await kafka.release();
    }
  });
});

type Handled = { readonly key: string; readonly number: number; readonly atMs: number; readonly by: Speaker };

function verify(members: readonly Speaker[], acknowledged: ReadonlyMap<string, number>): void {
  const handled = handledBy(members).toSorted((a, b) => a.atMs - b.atMs || a.number - b.number);
  const killed = new Set(members.slice(0, KILLS));
  let repeated = 0;
  for (const [key, count] of acknowledged) {
    const first = new Map<number, Handled>();
    for (const one of handled) {
      if (one.key !== key) continue;
      const before = first.get(one.number);
      if (before === undefined) {
        assert.equal(one.number, first.size + 1, `${key}: a gap before ${one.number}`);
        first.set(one.number, one);
        continue;
      }
      repeated += 1;
      assert.notEqual(one.by, before.by, `${key}: one member handled ${one.number} twice`);
      assert.ok(killed.has(before.by), `${key}: ${one.number} was handled twice, first by a member that was never killed`);
    }
    assert.ok(first.size >= count, `${key}: ${count} acknowledged, ${first.size} handled`);
  }
  assert.ok(repeated <= KILLS * BATCH_RECORDS_MAX, `${repeated} records were repeated: more than a batch per kill`);
}

function isAllHandled(handled: readonly Handled[], acknowledged: ReadonlyMap<string, number>): boolean {
  const highest = new Map<string, number>();
  for (const { key, number } of handled) highest.set(key, Math.max(highest.get(key) ?? 0, number));
  return [...acknowledged].every(([key, count]) => (highest.get(key) ?? 0) >= count);
}

function handledBy(members: readonly Speaker[]): Handled[] {
  return members.flatMap((by) =>
    by.lines().flatMap((line) => {
      const space = line.indexOf(' ');
      const atMs = Number(line.slice(0, space));
      return line
        .slice(space + 1)
        .split(',')
        .map((one) => {
          const [key = '', number] = one.split(' ');
          return { key, number: Number(number), atMs, by };
        });
    }),
  );
}

function lastNumbers(lines: readonly string[]): Map<string, number> {
  const last = new Map<string, number>();
  for (const line of lines) {
    const [key = '', number] = line.split(' ');
    last.set(key, Math.max(last.get(key) ?? 0, Number(number)));
  }
  return last;
}

function sum(numbers: ReadonlyMap<string, number>): number {
  return [...numbers.values()].reduce((total, number) => total + number, 0);
}

function startProcess(file: string, args: readonly string[]): Speaker {
  const child = spawn(process.execPath, [fileURLToPath(new URL(`./${file}`, import.meta.url)), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  // A line cut in the middle by the kill does not count.
  return { child, lines: () => out.split('\n').slice(0, -1), errors: () => errors };
}

/** Ends it by SIGKILL; that it had ended before by itself is a failure. */
async function endProcess(speaker: Speaker | undefined): Promise<void> {
  if (speaker === undefined || speaker.child.signalCode !== null) return;
  assert.equal(speaker.child.exitCode, null, `a process ended by itself: ${speaker.errors()}`);
  speaker.child.kill('SIGKILL');
  await once(speaker.child, 'close');
}
