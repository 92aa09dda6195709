import { inspect } from 'node:util';

export type Totals = { readonly passed: number; readonly failed: number; readonly skipped: number };

/** The part of node:test's events (https://nodejs.org/api/test.html#class-testsstream) that is read here. */
export type TestEvent = { readonly type: string; readonly data?: unknown };
type Ended = {
  readonly name: string;
  readonly nesting: number;
  readonly skip?: string | boolean;
  readonly todo?: string | boolean;
  readonly details: { readonly duration_ms: number; readonly type?: string; readonly error?: unknown };
};

/** What a file printed is shown when it failed: the last part, where the reason tends to stand. */
const PRINTED_MAX = 20_000;

/** Reads the events of one test file: counts of its tests (not of suites, unless one is skipped as a whole), and the text to show for it. A file that ran no test failed. */
export async function summarise(events: AsyncIterable<TestEvent>, name: string): Promise<Totals & { readonly text: string }> {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  const lines: string[] = [];
  const path: string[] = [];
  const failures: string[] = [];
  let printed = '';
  const startedAtMs = performance.now();
  for await (const { type, data } of events) {
    if ((type === 'test:stdout' || type === 'test:stderr') && hasMessage(data)) printed = `${printed}${data.message}`.slice(-PRINTED_MAX);
    if (type === 'test:start' && isNamed(data)) path.splice(data.nesting, path.length, data.name);
    if ((type !== 'test:pass' && type !== 'test:fail') || !isEnded(data)) continue;
    // The runner tells of a file without tests as of a test that passed.
    if (type === 'test:pass' && data.name.endsWith(name)) continue;
    const sentence = [...path.slice(0, data.nesting), data.name].join(' › ');
    if (type === 'test:fail') {
      // A suite fails because of its tests, which are told of, unless one of its hooks did: that is why its tests did not run.
      const counts = data.details.type !== 'suite' || totals.failed === 0;
      if (counts) totals.failed += 1;
      if (counts || failureType(data.details.error) === 'hookFailed')
        failures.push(`  ✖ ${sentence}\n${indent(describe(data.details.error))}`);
    } else if (data.skip !== undefined || (data.todo !== undefined && data.details.type !== 'suite')) {
      // A suite that is skipped counts as one: the runner does not tell of its tests.
      totals.skipped += 1;
      lines.push(`  - ${sentence} (${reason(data)})\n`);
    } else if (data.details.type !== 'suite') totals.passed += 1;
  }
  if (totals.passed + totals.failed + totals.skipped === 0) {
    totals.failed += 1;
    failures.push('  ✖ the file ran no test\n');
  }
  const head = `${totals.failed === 0 ? '✔' : '✖'} ${name} (${totals.passed} passed${part(totals.failed, 'failed')}${part(totals.skipped, 'skipped')}, ${((performance.now() - startedAtMs) / 1000).toFixed(1)} s)\n`;
  const output = totals.failed === 0 || printed.trim() === '' ? '' : `  what it printed:\n${indent(printed)}`;
  return { ...totals, text: [head, ...lines, ...failures, output].join('') };
}

function part(count: number, what: string): string {
  return count === 0 ? '' : `, ${count} ${what}`;
}

function reason({ skip, todo }: Ended): string {
  if (todo !== undefined) return typeof todo === 'string' ? `to do: ${todo}` : 'to do';
  return typeof skip === 'string' && skip !== '' ? `skipped: ${skip}` : 'skipped without a reason';
}

/** What the runner says of an error that it made itself (`ERR_TEST_FAILURE`). */
function failureType(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'failureType' in error ? error.failureType : undefined;
}

/** The runner wraps what the test threw. */
function describe(error: unknown): string {
  const thrown = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : inspect(thrown);
}

function indent(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `      ${line}\n`)
    .join('');
}

function isNamed(data: unknown): data is { name: string; nesting: number } {
  return typeof data === 'object' && data !== null && 'name' in data && 'nesting' in data;
}

function isEnded(data: unknown): data is Ended {
  return isNamed(data) && 'details' in data && typeof data.details === 'object' && data.details !== null;
}

function hasMessage(data: unknown): data is { message: string } {
  return typeof data === 'object' && data !== null && 'message' in data && typeof data.message === 'string';
}
