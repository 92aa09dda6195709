import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fakeTerminal } from '../test/fake-terminal.ts';
import { terminalLog } from './terminal-log.ts';

const line = (fields: object) =>
  JSON.stringify({ level: 'info', time: '2026-11-27T12:00:00.000Z', process: 'bioscope', unit: 'web', ...fields });

it('shows warnings, errors and mails that nobody can send, and hides the rest unless all is asked for', () => {
  const kept = line({ unit: 'mail', to: 'ada@example.org', state: 'kept', link: 'http://app.localhost/verify#x', msg: 'kept' });
  const lines = [line({ msg: 'hello' }), line({ level: 'warn', msg: 'beware' }), kept, line({ unit: 'mail', state: 'sent', msg: 'gone' })];
  const shown = (all: boolean): string[] => {
    const terminal = fakeTerminal();
    const log = terminalLog(terminal, { all });
    for (const each of lines) log(`${each}\n`);
    return ['hello', 'beware', '/verify#x', 'gone'].filter((word) => terminal.stderr().includes(word));
  };
  assert.deepEqual(shown(false), ['beware', '/verify#x']);
  assert.deepEqual(shown(true), ['hello', 'beware', '/verify#x', 'gone']);
});
