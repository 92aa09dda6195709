import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { forgetDeadline, watchDeadline } from './deadlines.ts';

describe('deadlines of calls', () => {
  it('pass once each, in their order, and never before their time', async () => {
    const startedMs = Date.now();
    const passed: { name: string; afterMs: number }[] = [];
    const pass = (name: string) => () => void passed.push({ name, afterMs: Date.now() - startedMs });
    await new Promise<void>((resolve) => {
      watchDeadline(startedMs + 60, () => {
        pass('late')();
        resolve();
      });
      watchDeadline(startedMs + 20, pass('early'));
    });
    assert.deepEqual(
      passed.map(({ name }) => name),
      ['early', 'late'],
    );
    assert.ok((passed[0]?.afterMs ?? 0) >= 20 && (passed[1]?.afterMs ?? 0) >= 60, JSON.stringify(passed));
  });

  it('that are forgotten do not pass', async () => {
    const nowMs = Date.now();
    const forgotten = watchDeadline(nowMs + 5, () => assert.fail('it was forgotten'));
    forgetDeadline(forgotten);
    await new Promise<void>((resolve) => void watchDeadline(nowMs + 30, resolve));
  });

  it('keep the process alive while a call is under way, and not after it', () => {
    const timers = () => process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length;
    const before = timers();
    for (let call = 0; call < 2; call += 1) {
      const entry = watchDeadline(Date.now() + 60_000, () => assert.fail('it was forgotten'));
      assert.equal(timers(), before + 1);
      forgetDeadline(entry);
      assert.equal(timers(), before);
    }
  });
});
