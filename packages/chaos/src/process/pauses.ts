import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Pauses processes under leases that a process of its own keeps: if this one dies, everything goes on. */
export type Pauses = {
  /** `target`: a process id, or a negative one for a group. Resolves when it is stopped. */
  pause(target: number, leaseMs: number): Promise<void>;
  resume(target: number): Promise<void>;
  /** Everything goes on. */
  close(): Promise<void>;
};

const PROGRAM = new URL('pause-program.ts', import.meta.url).pathname;

export function createPauses(): Pauses {
  let guard: Guard | undefined;
  const paused = new Set<number>();

  function started(): Guard {
    guard ??= startGuard(() => {
      guard = undefined;
      // It was killed: then its promises are ours to keep.
      for (const target of paused) goOn(target);
      paused.clear();
    });
    return guard;
  }

  return {
    async pause(target, leaseMs) {
      if (!isTarget(target)) throw new RangeError(`${target} is not a process to pause`);
      paused.add(target);
      await started().order(`pause ${target} ${Math.ceil(leaseMs)}`);
    },
    async resume(target) {
      paused.delete(target);
      if (guard !== undefined) await guard.order(`resume ${target}`);
    },
    async close() {
      paused.clear();
      await guard?.close();
    },
  };
}

type Guard = { order(line: string): Promise<void>; close(): Promise<void> };

function startGuard(ended: () => void): Guard {
  const child = spawn(process.execPath, [PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  const waiting: { line: string; done: () => void; failed: (error: Error) => void }[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const at = waiting.findIndex((each) => each.line === line);
    if (at !== -1) waiting.splice(at, 1)[0]?.done();
  });
  child.stdin.on('error', () => undefined);
  const over = exitOf(child).then(() => {
    ended();
    for (const { failed } of waiting.splice(0)) failed(new Error('what pauses processes has ended'));
  });
  return {
    order: (line) =>
      new Promise((done, failed) => {
        waiting.push({ line, done, failed });
        child.stdin.write(`${line}\n`);
      }),
    async close() {
      child.stdin.end();
      await over;
    },
  };
}

function exitOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
}

function goOn(target: number): void {
  try {
    process.kill(target, 'SIGCONT');
  } catch {
    // It ended meanwhile.
  }
}

/** 0, -1 and 1 would mean our own group, everybody, and the first process of the machine. */
function isTarget(target: number): boolean {
  return Number.isSafeInteger(target) && Math.abs(target) > 1 && Math.abs(target) !== process.pid;
}
