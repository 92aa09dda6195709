import { availableParallelism, totalmem } from 'node:os';
import { join, relative } from 'node:path';
import { Complaint, EXIT } from '../command.ts';
import { planEngines, skippedElsewhere } from './engine-tests.ts';
import type { EnginePlan } from './engine-tests.ts';
import { findTestFiles } from './find-test-files.ts';
import { runProgram } from './run-program.ts';
import { runTestFiles } from './run-test-files.ts';
import type { TookMs } from './run-test-files.ts';
import { startSharedServers } from './shared-servers.ts';
import { slowest } from './slowest.ts';
import type { Totals } from './summarise.ts';
import { ENGINES } from '../units/engine-settings.ts';
import { temporaryCompileCache } from './temporary-compile-cache.ts';
import { companyOf, onClusters, SYSTEM_PARALLEL_MAX } from './system-files.ts';
import { toolChecks } from './tool-checks.ts';

export type ChecksRequest = {
  readonly root: string;
  readonly all: boolean;
  /** Only test files whose path contains one of these, and no tools. */
  readonly patterns: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly say: (text: string) => void;
  /** Called when servers are about to be started: from then on they are stopped before an interrupt ends the run. */
  readonly interrupt?: () => AbortSignal;
};

type Environment = ChecksRequest['environment'];
type Stage = { readonly what: string; readonly files: readonly string[]; readonly parallelMax: number; readonly signal?: AbortSignal };
type Counts = { passed: number; failed: number; skipped: number; readonly took: TookMs[] };

/** Two files with three Cassandra nodes of a GiB each, beside the shared servers. */
const TWO_CLUSTERS_BYTES = 12 * 2 ** 30;

/**
 * Runs every check, also after one failed, and adds them up: each tool counts as one, each test as one. Tests on engines come after those of
 * the parts, on servers that they share; browser and whole-system tests (`test/`) come last, those that measure how long things take one at a time.
 */
export async function runChecks(request: ChecksRequest): Promise<Totals> {
  const totals: Counts = { passed: 0, failed: 0, skipped: 0, took: [] };
  using compiled = temporaryCompileCache(request.environment);
  const environment = { ...request.environment, ...compiled.environment, ...(request.all ? { BIOSCOPE_TEST_ALL: '1' } : {}) };
  if (request.patterns.length === 0) await runTools(request, environment, totals);
  const { parts, system } = findTestFiles(request.root, request.patterns);
  const files = [...parts, ...system].map((file) => relative(request.root, file));
  // Loads the drivers: only for this command.
  const { missingFor } = await import('@bioscope/engines');
  const plan = planEngines({ files, all: request.all, patterns: request.patterns, missing: missingFor });
  const onEngines = new Set(plan.onEngines.map((file) => join(request.root, file)));
  const without = (list: readonly string[]) => list.filter((file) => !onEngines.has(file));
  const { writeSharedEngines } = await import('@bioscope/engines/testing');
  const alone = { ...environment, ...writeSharedEngines({ running: {}, skipped: skippedElsewhere() }) };
  // Most of them wait for files, timers and children most of the time.
  const parallelMax = availableParallelism() + 1;

  const longFirst = longBeforeShort(request.root, without(parts));
  await runStage({ what: 'tests of the parts', files: longFirst, parallelMax }, request, alone, totals);
  if (onEngines.size > 0) {
    const isInterrupted = await runOnEngines(
      { parts: [...onEngines], system: onClusters(without(system)) },
      plan,
      request,
      environment,
      totals,
    );
    if (isInterrupted) throw new Complaint('interrupted', { exitCode: EXIT.interrupted });
  }
  const company = companyOf(without(system));
  const what = 'tests of the whole system';
  await runStage({ what, files: company.together, parallelMax: SYSTEM_PARALLEL_MAX }, request, alone, totals);
  await runStage({ what: `${what} that measure`, files: company.alone, parallelMax: 1 }, request, alone, totals);
  request.say(slowest(totals.took));
  if (request.patterns.length > 0 && files.length === 0) request.say(`no test file matches ${request.patterns.join(' ')}\n`);
  return { passed: totals.passed, failed: totals.failed, skipped: totals.skipped };
}

/** Tests across files take longer than those beside a file: begun first, none of them is waited for in the end. */
function longBeforeShort(root: string, files: readonly string[]): readonly string[] {
  const isLong = (file: string): boolean => relative(root, file).split('/').includes('test');
  return [...files.filter(isLong), ...files.filter((file) => !isLong(file))];
}

async function runTools(request: ChecksRequest, environment: Environment, totals: Counts): Promise<void> {
  for (const check of toolChecks(request.root)) {
    const startedAtMs = performance.now();
    const { passed, output } = await runProgram({ ...check, root: request.root, environment });
    totals[passed ? 'passed' : 'failed'] += 1;
    request.say(`${passed ? '✔' : '✖'} ${check.what} (${seconds(startedAtMs)})\n${passed ? '' : indent(output)}`);
  }
}

/** True when the person stopped it. */
async function runOnEngines(
  files: { readonly parts: readonly string[]; readonly system: readonly string[] },
  plan: EnginePlan,
  request: ChecksRequest,
  environment: Environment,
  totals: Counts,
): Promise<boolean> {
  const { writeSharedEngines } = await import('@bioscope/engines/testing');
  const signal = plan.start.length > 0 ? request.interrupt?.() : undefined;
  const startedAtMs = performance.now();
  const servers = await startSharedServers({ kinds: plan.start, environment, say: (line) => request.say(`${line}\n`) });
  try {
    if (plan.start.length > 0) request.say(`\nservers for tests: ${plan.start.join(', ')} (${seconds(startedAtMs)})\n`);
    for (const [kind, reason] of Object.entries(servers.failed)) {
      totals.failed += 1;
      request.say(`✖ ${kind} did not start\n${indent(reason)}`);
    }
    for (const [kind, reason] of Object.entries(plan.skipped)) request.say(`- tests on ${kind} are skipped: ${reason}\n`);
    const failed = Object.fromEntries(Object.keys(servers.failed).map((kind) => [kind, `${kind} did not start`]));
    const told = writeSharedEngines({ running: servers.running, skipped: { ...plan.skipped, ...failed } });
    // They wait for servers that start, die and are missed most of the time.
    const stage = { parallelMax: totalmem() < TWO_CLUSTERS_BYTES ? 1 : 2, ...(signal === undefined ? {} : { signal }) };
    // Backwards: the long ones come late in the alphabet, and the one that is begun last is waited for.
    const parts = files.parts.toReversed();
    await runStage({ ...stage, what: 'tests on engines', files: parts }, request, { ...environment, ...told }, totals);
    // What keeps state once more with its state in clusters, in everyday size: the long runs are about the product, and done without.
    const what = `tests of the whole system on ${ENGINES.join(', ')}`;
    const here = { ...environment, ...told, BIOSCOPE_TEST_ALL: '', BIOSCOPE_TEST_ON: ENGINES.join(',') };
    if (!request.all) return signal?.aborted === true;
    // Beside three servers, two services, two browsers and an encoder would wait for two cores more than they work.
    const onServers = { ...stage, parallelMax: 1, what, files: files.system };
    if (ENGINES.every((kind) => kind in servers.running)) await runStage(onServers, request, here, totals);
    else request.say(`- ${what} are skipped: see above\n`);
    return signal?.aborted === true;
  } finally {
    await servers.stop();
  }
}

async function runStage(stage: Stage, request: ChecksRequest, environment: Environment, totals: Counts): Promise<void> {
  if (stage.files.length === 0) return;
  const startedAtMs = performance.now();
  request.say(`\n${stage.what}: ${stage.files.length} files\n`);
  const counted = await runTestFiles({ ...stage, root: request.root, environment, all: request.all, say: request.say });
  totals.passed += counted.passed;
  totals.failed += counted.failed;
  totals.skipped += counted.skipped;
  totals.took.push(...counted.took);
  request.say(
    `${counted.failed === 0 ? '✔' : '✖'} ${stage.what}: ${counted.passed} passed, ${counted.failed} failed, ${counted.skipped} skipped (${seconds(startedAtMs)})\n`,
  );
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
