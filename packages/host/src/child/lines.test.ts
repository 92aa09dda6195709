import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lineCutter } from './lines.ts';

describe('the line cutter', () => {
  it('joins pieces, drops carriage returns and gives the unfinished last line', () => {
    const lines: string[] = [];
    const cutter = lineCutter((line) => lines.push(line));
    cutter.push('one\r\ntw');
    cutter.push('o\n\nthr');
    cutter.end();
    assert.deepEqual(lines, ['one', 'two', '', 'thr']);
  });

  it('never keeps more than one piece of an endless line', () => {
    const lines: string[] = [];
    const cutter = lineCutter((line) => lines.push(line));
    for (let n = 0; n < 100; n++) cutter.push('x'.repeat(1_000));
    cutter.end();
    assert.equal(lines.join('').length, 100_000);
    assert.ok(lines.every((line) => line.length <= 16_384));
  });
});
