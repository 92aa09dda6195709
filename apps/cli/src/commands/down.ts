import { setTimeout as pause } from 'node:timers/promises';
import { Complaint, DATA_OPTION, EXIT } from '../command.ts';
import type { Command } from '../command.ts';
import { dataFolder } from '../config.ts';
import { readRunFile } from '../state/run-file.ts';
import { isStateLocked } from '../state/state-lock.ts';

/** The drain deadline, stopping, and some. */
const WAIT_MS_MAX = 30_000;
const LOOK_EVERY_MS = 50;

export const down: Command = {
  name: 'down',
  about: 'stop the service that runs on the state folder',
  usage: 'down [--data DIR]',
  options: { data: DATA_OPTION },
  words: { min: 0, max: 0 },
  async run(invocation) {
    const folder = dataFolder(invocation.options, invocation.environment);
    const run = readRunFile(folder);
    if (run === null) {
      invocation.terminal.err(`no service runs on ${folder}\n`);
      return EXIT.done;
    }
    try {
      process.kill(run.pid, 'SIGTERM');
    } catch (cause) {
      const mayNot = cause instanceof Error && 'code' in cause && cause.code === 'EPERM';
      if (mayNot) throw new Complaint(`process ${run.pid} belongs to another user: stop it as that user`, { cause });
    }
    const deadlineAtMs = performance.now() + WAIT_MS_MAX;
    while (isStateLocked(folder)) {
      if (performance.now() > deadlineAtMs)
        throw new Complaint(
          `process ${run.pid} still runs after ${WAIT_MS_MAX / 1000} s: "kill -9 ${run.pid}" ends it, nothing acknowledged is lost`,
        );
      await pause(LOOK_EVERY_MS);
    }
    invocation.terminal.err('stopped\n');
    return EXIT.done;
  },
};
