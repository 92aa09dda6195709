import { availableParallelism } from 'node:os';
import { findTestFiles } from './find-test-files.ts';
import { runProgram } from './run-program.ts';
import { runTestFiles } from './run-test-files.ts';
import type { Totals } from './summarise.ts';
import { toolChecks } from './tool-checks.ts';

export type ChecksRequest = {
  readonly root: string;
  readonly all: boolean;
  /** Only test files whose path contains one of these, and no tools. */
  readonly patterns: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly say: (text: string) => void;
};

/**
 * Runs every check, also after one failed, and adds them up: each tool counts as one, each test as one. Browser and whole-system tests
 * (`test/`) come last, one file at a time: they measure how long things take.
 */
export async function runChecks(request: ChecksRequest): Promise<Totals> {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  const environment = { ...request.environment, ...(request.all ? { BIOSCOPE_TEST_ALL: '1' } : {}) };
  if (request.patterns.length === 0) {
    for (const check of toolChecks(request.root)) {
      const startedAtMs = performance.now();
      const { passed, output } = await runProgram({ ...check, root: request.root, environment });
      totals[passed ? 'passed' : 'failed'] += 1;
      request.say(`${passed ? '✔' : '✖'} ${check.what} (${seconds(startedAtMs)})\n${passed ? '' : indent(output)}`);
    }
  }
  const files = findTestFiles(request.root, request.patterns);
  for (const stage of [
    { what: 'tests of the parts', files: files.parts, parallelMax: Math.max(1, availableParallelism() - 1) },
    { what: 'tests of the whole system', files: files.system, parallelMax: 1 },
  ]) {
    if (stage.files.length === 0) continue;
    const startedAtMs = performance.now();
    request.say(`\n${stage.what}: ${stage.files.length} files\n`);
    const counted = await runTestFiles({ ...stage, root: request.root, environment, all: request.all, say: request.say });
    totals.passed += counted.passed;
    totals.failed += counted.failed;
    totals.skipped += counted.skipped;
    request.say(
      `${counted.failed === 0 ? '✔' : '✖'} ${stage.what}: ${counted.passed} passed, ${counted.failed} failed, ${counted.skipped} skipped (${seconds(startedAtMs)})\n`,
    );
  }
  if (request.patterns.length > 0 && files.parts.length + files.system.length === 0) {
    request.say(`no test file matches ${request.patterns.join(' ')}\n`);
  }
  return totals;
}

function seconds(sinceMs: number): string {
  return `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;
}

function indent(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}\n`)
    .join('');
}
