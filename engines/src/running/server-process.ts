import { closeSync, existsSync, openSync, readSync, fstatSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { superviseChild } from '@bioscope/host';
import type { Supervised } from '@bioscope/host';
import { standsStill } from './stands-still.ts';

/** One server of an engine. */
export type EngineNode = {
  readonly name: string;
  readonly address: string;
  /** What the server writes about itself. */
  readonly logFile: string;
  isRunning(): boolean;
  /** Starts it (again) on the same data and resolves when it answers. Rejects with the end of its log when it does not. */
  start(): Promise<void>;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGSTOP: connections stay open and nothing answers. Resolves when all its threads stand still. */
  pause(): Promise<void>;
  /** SIGCONT. */
  resume(): void;
  /** SIGTERM, then SIGKILL after a bound. */
  stop(): Promise<void>;
};

export type ServerProgram = {
  readonly name: string;
  readonly address: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly logFile: string;
  readonly recordFolder: string;
  readonly startDeadlineMs: number;
  readonly stopDeadlineMs: number;
  /** Whether it serves clients now. Must settle within a second or two, and never rejects. */
  readonly answers: () => Promise<boolean>;
  /** It ended though nobody asked for it. */
  readonly onLost?: (message: string) => void;
};

const LOOK_EVERY_MS = 100;
const PAUSE_LOOK_EVERY_MS = 5;
const PAUSE_DEADLINE_MS = 5_000;
/** Enough to see why a server did not start. */
const LINES_MAX = 40;
const LOG_TAIL_BYTES = 4_000;

/** Controls one server. Like everything that is supervised, it dies with this process, however that ends. */
export function serverProcess(program: ServerProgram): EngineNode {
  let child: Supervised | null = null;
  let lines: string[] = [];
  let unasked = false;

  const isRunning = (): boolean => child?.state().kind === 'running';
  const launch = async (): Promise<Supervised> => {
    lines = [];
    const started = await superviseChild({
      name: program.name,
      command: program.command,
      args: program.args,
      env: program.env,
      cwd: program.cwd,
      recordFolder: program.recordFolder,
      stopDeadlineMs: program.stopDeadlineMs,
      onLine: (line) => {
        lines.push(line);
        if (lines.length > LINES_MAX) lines.shift();
      },
    });
    void started.ended.then((end) => {
      if (unasked && end.kind === 'ended') program.onLost?.(`${end.error.message}\n${lastWords(lines, program.logFile)}`);
    });
    return started;
  };
  const gone = async (how: (running: Supervised) => void): Promise<void> => {
    if (child === null) return;
    unasked = false;
    how(child);
    await child.ended;
  };
  const stop = (): Promise<void> =>
    gone((running) => {
      void running.stop();
      // A paused process hears of SIGTERM only when it runs again.
      running.signal('SIGCONT');
    });

  return {
    name: program.name,
    address: program.address,
    logFile: program.logFile,
    isRunning,
    async start() {
      if (isRunning()) throw new Error(`${program.name} runs already`);
      child = await launch();
      const deadlineAtMs = performance.now() + program.startDeadlineMs;
      while (!(await program.answers())) {
        const late = performance.now() > deadlineAtMs;
        if (isRunning() && !late) {
          await sleep(LOOK_EVERY_MS);
          continue;
        }
        const what = isRunning() ? `did not answer within ${program.startDeadlineMs / 1000} s` : 'ended while it started';
        const words = lastWords(lines, program.logFile);
        await gone((running) => running.signal('SIGKILL'));
        throw new Error(`${program.name} ${what}:\n${words}`);
      }
      unasked = true;
    },
    kill: () => gone((running) => running.signal('SIGKILL')),
    async pause() {
      const pid = child?.pid() ?? null;
      if (pid === null || child?.signal('SIGSTOP') !== true) throw new Error(`${program.name} does not run`);
      const deadlineAtMs = performance.now() + PAUSE_DEADLINE_MS;
      while (!standsStill(pid)) {
        if (performance.now() > deadlineAtMs) throw new Error(`${program.name} did not stand still within ${PAUSE_DEADLINE_MS / 1000} s`);
        await sleep(PAUSE_LOOK_EVERY_MS);
      }
    },
    resume() {
      if (child?.signal('SIGCONT') !== true) throw new Error(`${program.name} does not run`);
    },
    stop,
  };
}

function lastWords(lines: readonly string[], logFile: string): string {
  return [...lines, existsSync(logFile) ? tail(logFile) : ''].join('\n').trim() || 'it said nothing';
}

function tail(file: string): string {
  const handle = openSync(file, 'r');
  try {
    const size = fstatSync(handle).size;
    const bytes = Buffer.alloc(Math.min(size, LOG_TAIL_BYTES));
    const read = readSync(handle, bytes, 0, bytes.length, size - bytes.length);
    return bytes.toString('utf8', 0, read);
  } finally {
    closeSync(handle);
  }
}
