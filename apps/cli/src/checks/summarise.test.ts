import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { summarise } from './summarise.ts';
import type { TestEvent } from './summarise.ts';

async function* events(...list: TestEvent[]): AsyncGenerator<TestEvent> {
  yield* list;
}
const start = (name: string, nesting: number): TestEvent => ({ type: 'test:start', data: { name, nesting } });
const end = (type: 'pass' | 'fail', name: string, nesting: number, more: object = {}, details: object = {}): TestEvent => ({
  type: `test:${type}`,
  data: { name, nesting, ...more, details: { duration_ms: 1, type: 'test', ...details } },
});

describe('the summary of a test file', () => {
  it('counts tests, not suites, and shows skips with their reasons', async () => {
    const told = await summarise(
      events(
        start('outer', 0),
        start('works', 1),
        end('pass', 'works', 1),
        start('needs a browser', 1),
        end('pass', 'needs a browser', 1, { skip: 'chromium is not installed' }),
        end('pass', 'outer', 0, {}, { type: 'suite' }),
      ),
      'a.test.ts',
    );
    assert.deepEqual([told.passed, told.failed, told.skipped], [1, 0, 1]);
    assert.match(told.text, /^✔ a\.test\.ts \(1 passed, 1 skipped, \d/);
    assert.match(told.text, /- outer › needs a browser \(skipped: chromium is not installed\)/);
  });

  it('shows what a failed test threw and what the file printed', async () => {
    const error = new Error('wrapped', { cause: new Error('1 is not 2') });
    const told = await summarise(
      events(
        { type: 'test:stdout', data: { message: 'half way\n' } },
        start('outer', 0),
        start('counts', 1),
        end('fail', 'counts', 1, {}, { error }),
        end('fail', 'outer', 0, {}, { type: 'suite', error: new Error('1 subtest failed') }),
      ),
      'a.test.ts',
    );
    assert.deepEqual([told.passed, told.failed, told.skipped], [0, 1, 0]);
    assert.match(told.text, /✖ outer › counts\n +Error: 1 is not 2[^]*what it printed:\n +half way/);
  });

  it('counts a suite that is skipped as a whole, whose tests the runner does not tell of', async () => {
    const told = await summarise(
      events(start('on a server', 0), end('pass', 'on a server', 0, { skip: 'no Java' }, { type: 'suite' })),
      'a.test.ts',
    );
    assert.deepEqual([told.passed, told.failed, told.skipped], [0, 0, 1]);
    assert.match(told.text, /- on a server \(skipped: no Java\)/);
  });

  it('counts a suite whose hook failed', async () => {
    const told = await summarise(
      events(start('outer', 0), end('fail', 'outer', 0, {}, { type: 'suite', error: new Error('no disk') })),
      'a.test.ts',
    );
    assert.equal(told.failed, 1);
    assert.match(told.text, /no disk/);
  });

  it('says why a hook failed also when the runner tells of the tests that it cancelled for it', async () => {
    const failureTypeOf = (failureType: string, text: string) => ({ error: Object.assign(new Error(text), { failureType }) });
    const told = await summarise(
      events(
        start('outer', 0),
        start('counts', 1),
        end('fail', 'counts', 1, {}, failureTypeOf('cancelledByParent', 'cancelled')),
        end('fail', 'outer', 0, {}, { type: 'suite', ...failureTypeOf('hookFailed', 'no disk') }),
      ),
      'a.test.ts',
    );
    assert.equal(told.failed, 1);
    assert.match(told.text, /no disk/);
  });

  it('does not call a file that ran no test a success', async () => {
    const told = await summarise(events(), 'a.test.ts');
    assert.deepEqual([told.passed, told.failed], [0, 1]);
    assert.match(told.text, /the file ran no test/);
  });
});
