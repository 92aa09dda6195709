import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { speakTo } from '../speak-to.ts';
import type { Spoken } from '../speak-to.ts';
import type { Answerer, Command, Report } from './parts.ts';

/** A process of this bench, and where it listens. */
type Part = Spoken<Command, Report> & { readonly address: string };

/** The services of the home page, filled, in a process of their own. */
export type Backend = Part;

/** An edge with one answerer, and who asks it: two processes. */
export type Contender = {
  readonly answerer: Answerer;
  /** The home page, once it comes whole. */
  first(): Promise<string>;
  measure(load: { calls: number; inFlight: number }): Promise<Sample>;
};

/** CPU per page, in milliseconds, of the edge and of the services behind it. */
export type Sample = { readonly edgeMs: number; readonly backendMs: number; readonly pagesPerSecond: number };

const PROCESS = join(import.meta.dirname, 'process.ts');

/** Processes started for a bench, to be ended together. */
export type Started = AsyncDisposable & { start(...words: readonly string[]): Promise<Part> };

export function processes(): Started {
  const children: ChildProcess[] = [];
  return {
    async start(...words) {
      const child = fork(PROCESS, words);
      children.push(child);
      const spoken = speakTo<Command, Report>(child);
      return { ...spoken, address: (await spoken.next('ready')).address };
    },
    async [Symbol.asyncDispose]() {
      for (const child of children.toReversed()) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        const gone = once(child, 'exit');
        child.kill();
        await gone;
      }
    },
  };
}

export async function startBackend({ start }: Pick<Started, 'start'>, folder: string): Promise<Backend> {
  return await start('backend', await folderFor(folder, 'backend'));
}

export async function startContender(
  { start }: Pick<Started, 'start'>,
  { answerer, folder, backend }: { answerer: Answerer; folder: string; backend: Backend },
): Promise<Contender> {
  const edge = await start('edge', answerer, await folderFor(folder, answerer), backend.address);
  const load = await start('load', edge.address);
  return {
    answerer,
    first: async () => (await load.ask({ kind: 'first' }, 'first')).text,
    async measure({ calls, inFlight }) {
      const before = [await cpuOf(edge), await cpuOf(backend)] as const;
      const { wallMs } = await load.ask({ kind: 'calls', calls, inFlight }, 'done');
      const after = [await cpuOf(edge), await cpuOf(backend)] as const;
      return {
        edgeMs: (after[0] - before[0]) / calls,
        backendMs: (after[1] - before[1]) / calls,
        pagesPerSecond: (calls / wallMs) * 1_000,
      };
    },
  };
}

async function cpuOf(part: Part): Promise<number> {
  return (await part.ask({ kind: 'cpu' }, 'cpu')).cpuMs;
}

async function folderFor(folder: string, name: string): Promise<string> {
  const own = join(folder, name.replaceAll(' ', '-'));
  await mkdir(own);
  return own;
}
