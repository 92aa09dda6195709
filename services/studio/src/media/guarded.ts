import { spawn, type ChildProcess } from 'node:child_process';

import { MediaFault } from './fault.ts';
import { STDERR_BYTES_MAX, type ProcessLimits } from './limits.ts';
import { readLines } from './lines.ts';
import { caged } from './sandbox.ts';

export type GuardedRun = {
  readonly program: 'ffmpeg' | 'ffprobe';
  readonly args: readonly string[];
  readonly limits: ProcessLimits;
  readonly signal?: AbortSignal;
  /** Each line of standard output, without its end. A throw kills the program and rejects the run with it. */
  onLine?(line: string): void;
  /** The process id, as soon as there is one. */
  onStart?(pid: number): void;
};

/** How the program ended. Which of them is the film's fault, only the caller can tell. */
export type GuardedEnd =
  | { readonly kind: 'done'; readonly stderr: string }
  | { readonly kind: 'failed'; readonly exitCode: number; readonly stderr: string }
  | { readonly kind: 'limit'; readonly limit: 'wall' | 'cpu' | 'memory' | 'file'; readonly stderr: string };

const PROGRAM_FOLDERS = '/usr/local/bin:/usr/bin:/bin';

/**
 * Runs ffmpeg or ffprobe on a file that nobody trusts: no shell, no standard input, limits on time, CPU, memory and output, its own process
 * group that dies with it and with us. Rejects with the signal's reason when aborted, with `MediaFault` when the program is missing or
 * was killed from outside.
 */
export async function runGuarded(run: GuardedRun): Promise<GuardedEnd> {
  run.signal?.throwIfAborted();
  const command = caged({ file: run.program, args: run.args }, run.limits);
  const child = spawn(command.file, command.args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    // Found where systems install programs, wherever we were started from; C locale, so that numbers and messages read the same everywhere.
    env: { PATH: PROGRAM_FOLDERS, LC_ALL: 'C', AV_LOG_FORCE_NOCOLOR: '1' },
  });
  let stoppedBy: 'wall' | 'abort' | 'reader' | null = null;
  const stop = (by: 'wall' | 'abort' | 'reader'): void => {
    stoppedBy ??= by;
    killGroup(child);
  };
  const onAbort = (): void => stop('abort');
  run.signal?.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => stop('wall'), run.limits.wallMs);
  let readerFault: unknown;
  try {
    if (child.pid !== undefined) run.onStart?.(child.pid);
    const tail = keepTail(child.stderr);
    const lines = readLines(child.stdout, (line) => run.onLine?.(line)).catch((fault: unknown) => {
      readerFault = fault;
      stop('reader');
    });
    const [{ code, signal }] = await Promise.all([ending(child), lines]);
    const stderr = tail();
    if (stoppedBy === 'abort') throw run.signal?.reason;
    if (stoppedBy === 'reader') throw readerFault;
    if (stoppedBy === 'wall') return { kind: 'limit', limit: 'wall', stderr };
    return judge({ program: run.program, code, signal, stderr });
  } finally {
    clearTimeout(timer);
    run.signal?.removeEventListener('abort', onAbort);
    killGroup(child);
  }
}

type Ending = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

function ending(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) =>
      reject(new MediaFault('MEDIA_PROGRAM_MISSING', `cannot start ${child.spawnfile}: is it installed?`, { cause })),
    );
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
}

function judge(end: Ending & { readonly program: string; readonly stderr: string }): GuardedEnd {
  const { code, signal, stderr } = end;
  if (code === 0) return { kind: 'done', stderr };
  // ffmpeg catches SIGXCPU (24), says so at level info, and exits; ffprobe dies of it.
  if (signal === 'SIGXCPU' || (code === 255 && /received signal 24\b/.test(stderr))) return { kind: 'limit', limit: 'cpu', stderr };
  if (signal === 'SIGXFSZ' || /File too large/.test(stderr)) return { kind: 'limit', limit: 'file', stderr };
  if (/Cannot allocate memory|malloc of size \d+ failed/.test(stderr)) return { kind: 'limit', limit: 'memory', stderr };
  if (/No space left on device/.test(stderr)) throw new MediaFault('MEDIA_NO_SPACE', 'the disk is full');
  // 127 and 126: a link of the chain found no program to exec.
  if (code === 127 || code === 126) throw new MediaFault('MEDIA_PROGRAM_MISSING', `cannot start ${end.program}: ${stderr.trim()}`);
  if (code === 255 && /received signal \d+/.test(stderr))
    throw new MediaFault('MEDIA_PROGRAM_KILLED', `${end.program} was told to stop: ${lastComplaint(stderr)}`);
  if (signal !== null) throw new MediaFault('MEDIA_PROGRAM_KILLED', `${end.program} was killed by ${signal}: ${lastComplaint(stderr)}`);
  return { kind: 'failed', exitCode: code ?? -1, stderr };
}

/** The last error that the program told of, without the addresses that differ from run to run; else the last thing it said. */
export function lastComplaint(stderr: string): string {
  const lines = stderr.trim().split('\n');
  const line = lines.findLast((text) => /\[(error|fatal)\]/.test(text)) ?? lines.at(-1) ?? '';
  return line.replaceAll(/ @ 0x[0-9a-f]+|\[(error|fatal)\] /g, '').slice(0, COMPLAINT_CHARACTERS_MAX);
}
/** A message for people, not a log. */
const COMPLAINT_CHARACTERS_MAX = 300;

/** The group, so that nothing that the program may have started survives it. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (fault) {
    if (!(fault instanceof Error && 'code' in fault && fault.code === 'ESRCH')) throw fault;
  }
}

function keepTail(stream: NodeJS.ReadableStream): () => string {
  let tail: Buffer = Buffer.alloc(0);
  stream.on('data', (bytes: Buffer) => {
    const joined = tail.length === 0 ? bytes : Buffer.concat([tail, bytes]);
    tail = joined.length > STDERR_BYTES_MAX ? Buffer.from(joined.subarray(joined.length - STDERR_BYTES_MAX)) : joined;
  });
  return () => tail.toString('utf8');
}
