import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { takeLock, tryLock } from '../exclusive-lock.ts';
import { TITLES } from '../kinds.ts';
import type { EngineKind } from '../kinds.ts';

/** Where one engine (one or more nodes) keeps its files, held by one process at a time. */
export type EngineFolder = {
  readonly path: string;
  /** Removed at `close`; its servers live for a test and need no orderly end. */
  readonly temporary: boolean;
  /** What was remembered here by an earlier start, made by `make` the first time. The kind must be the same. */
  layout<Layout>(make: () => Promise<Layout>): Promise<Layout>;
  remember(layout: unknown): void;
  close(): void;
};

const TEMPORARY = 'bioscope-engine-';
/** Another look at the lock may hold it for an instant. */
const WAIT_MS = 2_000;
/** Between making a temporary folder and locking it there is an instant: only older ones are looked at. */
const LEFTOVER_AGE_MIN_MS = 60_000;
/** More at once would make one start pay for many crashes. */
const LEFTOVERS_MAX = 20;

/** Opens a folder, or a temporary one when none is given. Rejects when another process runs an engine in it, or when it holds another kind. */
export async function openEngineFolder(kind: EngineKind, folder: string | undefined): Promise<EngineFolder> {
  const temporary = folder === undefined;
  if (temporary) removeLeftovers();
  const path = temporary ? mkdtempSync(join(tmpdir(), TEMPORARY)) : resolve(folder);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const lock = await takeLock(join(path, 'engine.lock'), WAIT_MS);
  if (lock === null) throw new Error(`${TITLES[kind]}: another process runs an engine in ${path}`);
  const file = join(path, 'engine.json');
  const remember = (layout: unknown): void => {
    // Renamed, so that a kill leaves the old or the new one, never half of it.
    writeFileSync(`${file}.new`, JSON.stringify({ kind, layout }), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  return {
    path,
    temporary,
    async layout<Layout>(make: () => Promise<Layout>) {
      if (!existsSync(file)) {
        const layout = await make();
        remember(layout);
        return layout;
      }
      const found = JSON.parse(readFileSync(file, 'utf8')) as { kind: EngineKind; layout: Layout };
      if (found.kind !== kind) throw new Error(`${path} holds the files of ${TITLES[found.kind]}, not of ${TITLES[kind]}`);
      return found.layout;
    },
    remember,
    close() {
      if (temporary) rmSync(path, { recursive: true, force: true });
      lock.release();
    },
  };
}

/** Temporary folders whose process was killed. Those of living processes are locked. */
function removeLeftovers(): void {
  for (const name of globSync(`${TEMPORARY}*`, { cwd: tmpdir() }).slice(0, LEFTOVERS_MAX)) {
    const path = join(tmpdir(), name);
    try {
      if (Date.now() - statSync(path).mtimeMs < LEFTOVER_AGE_MIN_MS) continue;
      const lock = tryLock(join(path, 'engine.lock'));
      if (lock === null) continue;
      rmSync(path, { recursive: true, force: true });
      lock.release();
    } catch {
      // Another process removes it too, or it belongs to another user.
    }
  }
}
