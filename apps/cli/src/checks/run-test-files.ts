import { relative } from 'node:path';
import { run } from 'node:test';
import { summarise } from './summarise.ts';
import type { Totals } from './summarise.ts';

/** How long a test file took. */
export type TookMs = { readonly file: string; readonly ms: number };

/** For one file. The long runs kill and wait a lot. A file that hangs fails and is killed, and the next goes on. */
const FILE_DEADLINE_MS = { everyday: 5 * 60_000, all: 60 * 60_000 } as const;

/** Runs test files, each in a process of its own, telling one line per file, and everything about what failed or was skipped. */
export async function runTestFiles(request: {
  files: readonly string[];
  parallelMax: number;
  root: string;
  environment: Readonly<Record<string, string | undefined>>;
  all: boolean;
  say: (text: string) => void;
  /** Ends the file that runs, and no other is begun. */
  signal?: AbortSignal;
}): Promise<Totals & { readonly took: readonly TookMs[] }> {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  const took: TookMs[] = [];
  const waiting = request.files.values();
  const worker = async (): Promise<void> => {
    for (const file of waiting) {
      if (request.signal?.aborted === true) return;
      const deadline = AbortSignal.timeout(request.all ? FILE_DEADLINE_MS.all : FILE_DEADLINE_MS.everyday);
      const events = run({
        files: [file],
        cwd: request.root,
        concurrency: 1,
        signal: request.signal === undefined ? deadline : AbortSignal.any([deadline, request.signal]),
        env: request.environment,
      });
      const startedAtMs = performance.now();
      const name = relative(request.root, file);
      const { passed, failed, skipped, text } = await summarise(events, name);
      took.push({ file: name, ms: performance.now() - startedAtMs });
      totals.passed += passed;
      totals.failed += failed;
      totals.skipped += skipped;
      request.say(text);
    }
  };
  await Promise.all(Array.from({ length: request.parallelMax }, worker));
  return { ...totals, took };
}
