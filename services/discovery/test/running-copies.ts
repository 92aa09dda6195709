import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

/** A copy of discovery in a process of its own. */
export type RunningCopy = {
  readonly address: string;
  readonly zone: string;
  kill(): Promise<void>;
  /** After `kill`: at the same address, knowing nothing. */
  restart(): Promise<void>;
  pause(): void;
  resume(): void;
};

const PROGRAM = fileURLToPath(new URL('copy-process.ts', import.meta.url));
type Child = { readonly process: ChildProcess; readonly address: string; tell(copies: readonly Place[]): Promise<void> };
type Place = { readonly address: string; readonly zone: string };

/** One in each zone. They end with the test. */
export async function startCopies(
  test: Pick<TestContext, 'after'>,
  secret: string,
  zones: readonly string[],
): Promise<readonly RunningCopy[]> {
  const children = await Promise.all(zones.map((zone) => startChild(test, [secret, zone])));
  const places = children.map(({ address }, n) => ({ address, zone: zones[n] ?? '' }));
  await Promise.all(children.map((child) => child.tell(places)));
  return places.map((place, n) => {
    let child = children[n] as Child;
    return {
      ...place,
      kill: () => kill(child.process),
      async restart() {
        child = await startChild(test, [secret, place.zone, String(Number(place.address.split(':')[1]))]);
        await child.tell(places);
      },
      pause: () => void child.process.kill('SIGSTOP'),
      resume: () => void child.process.kill('SIGCONT'),
    };
  });
}

async function startChild(test: Pick<TestContext, 'after'>, args: readonly string[]): Promise<Child> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  test.after(() => kill(child));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const line = async (): Promise<string> => {
    const { done, value } = await lines.next();
    assert(done !== true, `a copy of discovery ended with ${child.exitCode ?? child.signalCode}`);
    return value;
  };
  const address = await line();
  return {
    process: child,
    address,
    async tell(copies) {
      child.stdin.write(`${JSON.stringify(copies)}\n`);
      assert.equal(await line(), 'runs');
    },
  };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
