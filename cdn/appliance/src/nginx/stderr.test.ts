import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseActiveConnections } from './status-page.ts';
import { troubleInLine } from './stderr.ts';

describe('what nginx says', () => {
  const lines: [string, string | null][] = [
    ['nginx: [emerg] bind() to 127.0.0.2:8081 failed (98: Address already in use)', 'port 127.0.0.2:8081 is in use by another program'],
    [
      '2026/11/22 21:00:00 [emerg] 12#12: bind() to 192.0.2.1:80 failed (99: Cannot assign requested address)',
      'address 192.0.2.1:80 does not belong to this machine',
    ],
    ['nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)', 'port 0.0.0.0:80 may not be opened by this account'],
    ['nginx: [emerg] still could not bind()', null],
    ['nginx: [emerg] unknown directive "js_set" in /x/nginx.conf:12', 'nginx: unknown directive "js_set" in /x/nginx.conf:12'],
    ['2026/11/22 21:00:00 [alert] 12#12: worker process 13 exited on signal 9', null],
    ['2026/11/22 21:00:00 [warn] 12#12: something harmless', null],
    ['', null],
  ];
  for (const [line, trouble] of lines) {
    it(`is ${trouble === null ? 'no trouble' : JSON.stringify(trouble)}: ${line.slice(-50)}`, () =>
      assert.equal(troubleInLine(line), trouble));
  }

  it('counts active connections, and knows a page that is not the status page', () => {
    const page = 'Active connections: 291 \nserver accepts handled requests\n 16630948 16630948 31070465 \n';
    assert.equal(parseActiveConnections(page), 291);
    assert.equal(parseActiveConnections('<html>'), null);
  });
});
