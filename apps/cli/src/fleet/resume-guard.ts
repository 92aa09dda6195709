import { spawn } from 'node:child_process';

/**
 * Stops a process in its tracks (SIGSTOP) for a time. A small program of its own lets it go on, so that it does not stand still for ever when we die.
 * `onResumed` is called once it goes on by itself.
 */
export function resumeGuard(pid: number, forMs: number, onResumed: () => void): { resume(): void } {
  process.kill(pid, 'SIGSTOP');
  const guard = spawn('/bin/sh', ['-c', `sleep ${(forMs / 1_000).toFixed(3)}; kill -CONT ${pid}`], { detached: true, stdio: 'ignore' });
  guard.unref();
  let isOver = false;
  guard.once('exit', () => {
    if (isOver) return;
    isOver = true;
    onResumed();
  });
  return {
    resume() {
      if (isOver) return;
      isOver = true;
      try {
        process.kill(pid, 'SIGCONT');
      } catch {
        // It is gone: nothing to let go on.
      }
      // Its whole group: the shell and its sleep.
      if (guard.pid !== undefined) process.kill(-guard.pid, 'SIGKILL');
    },
  };
}
