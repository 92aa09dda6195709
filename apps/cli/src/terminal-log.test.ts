import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fakeTerminal } from '../test/fake-terminal.ts';
import { terminalLog } from './terminal-log.ts';
import type { Shown } from './terminal-log.ts';

const line = (fields: object) =>
  JSON.stringify({ level: 'info', time: '2026-11-27T12:00:00.000Z', process: 'bioscope', unit: 'web', ...fields });

it('shows warnings, errors and mails that nobody can send, or those mails only, or all', () => {
  const kept = line({ unit: 'mail', to: 'ada@example.org', state: 'kept', link: 'http://app.localhost/verify#x', msg: 'kept' });
  const lines = [line({ msg: 'hello' }), line({ level: 'warn', msg: 'beware' }), kept, line({ unit: 'mail', state: 'sent', msg: 'gone' })];
  const seen = (shown: Shown): string[] => {
    const terminal = fakeTerminal();
    const log = terminalLog(terminal, shown);
    for (const each of lines) log(`${each}\n`);
    return ['hello', 'beware', '/verify#x', 'gone'].filter((word) => terminal.stderr().includes(word));
  };
  assert.deepEqual(seen('mails'), ['/verify#x']);
  assert.deepEqual(seen('troubles'), ['beware', '/verify#x']);
  assert.deepEqual(seen('all'), ['hello', 'beware', '/verify#x', 'gone']);
});
