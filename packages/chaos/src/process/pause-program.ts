import { createInterface } from 'node:readline';

/**
 * Stops and continues processes on behalf of whoever started it. Orders come as lines on stdin: `pause TARGET LEASE_MS` and `resume TARGET`, each answered
 * by the same line; a target is a process id, or a negative one for a group. Whatever is paused goes on when its lease is over, and all of it when stdin ends,
 * which the kernel sees to when the other side is killed.
 */
function main(): void {
  const paused = new Map<number, NodeJS.Timeout>();

  function resume(target: number): void {
    clearTimeout(paused.get(target));
    paused.delete(target);
    signal(target, 'SIGCONT');
  }

  function pause(target: number, leaseMs: number): void {
    clearTimeout(paused.get(target));
    paused.set(
      target,
      setTimeout(() => resume(target), leaseMs),
    );
    signal(target, 'SIGSTOP');
  }

  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    const [verb, target = '', leaseMs = ''] = line.split(' ');
    if (verb === 'pause') pause(Number(target), Number(leaseMs));
    if (verb === 'resume') resume(Number(target));
    process.stdout.write(`${line}\n`);
  });
  lines.on('close', () => {
    for (const target of paused.keys()) resume(target);
  });
  process.stdout.on('error', () => undefined);
  // Ctrl-C in a terminal reaches the whole group: this one must outlive the others by a moment.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
}

function signal(target: number, name: NodeJS.Signals): void {
  try {
    process.kill(target, name);
  } catch {
    // It ended meanwhile: nothing is left to stop or to continue.
  }
}

if (import.meta.main) main();
