import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * What was done on purpose, and when. An entry is on disk before what it tells of is done, so that after a crash somebody knows; and whoever holds the
 * journal is the only one who experiments.
 */
export type Journal = {
  /** Resolves when it is on disk. */
  add(entry: Entry): Promise<void>;
  entries(): Promise<readonly Entry[]>;
  close(): Promise<void>;
};
export type Entry = {
  readonly atMs: number;
  readonly what: 'begins' | 'ends' | 'would' | 'monkey';
  /** The experiment, or the group whose member the monkey picked. */
  readonly name: string;
  readonly detail: string;
};
export type OpenedJournal = { readonly kind: 'open'; readonly journal: Journal } | { readonly kind: 'busy'; readonly pid: number };

/** Years of game days; older entries are of no use to anybody. */
const ENTRIES_MAX = 100_000;

/** `busy` while another living process experiments. */
export async function openJournal(path: string): Promise<OpenedJournal> {
  await mkdir(dirname(path), { recursive: true });
  const lock = `${path}.lock`;
  const holder = await takeLock(lock);
  if (holder !== undefined) return { kind: 'busy', pid: holder };
  const file = await open(path, 'a');
  // Whatever a killed process left half-written is a line of its own.
  await file.write('\n');
  return {
    kind: 'open',
    journal: {
      async add(entry) {
        await file.write(`${JSON.stringify(entry)}\n`);
        await file.sync();
      },
      entries: async () => parse(await readFile(path, 'utf8')),
      async close() {
        await file.close();
        await rm(lock, { force: true });
      },
    },
  };
}

/** The holder's process id, or undefined when the lock is ours now. One left behind by a dead process is taken over. */
async function takeLock(lock: string): Promise<number | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const file = await open(lock, 'wx');
      await file.write(String(process.pid));
      await file.close();
      return undefined;
    } catch (cause) {
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
    }
    const holder = Number(await readFile(lock, 'utf8').catch(() => ''));
    if (attempt > 1 || (holder > 0 && isAlive(holder))) return holder;
    await rm(lock, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM';
  }
}

function parse(text: string): readonly Entry[] {
  return text
    .split('\n')
    .slice(-ENTRIES_MAX)
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as Entry];
      } catch {
        // The last line of a process that was killed, or the end of the file.
        return [];
      }
    });
}
