import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fakeTerminal } from '../test/fake-terminal.ts';
import { chooseTitle } from './commands/remove.ts';
import { bar, bytesText, liveLines } from './progress.ts';
import { table } from './table.ts';

describe('progress', () => {
  it('is a bar that never leaves its bounds and says 100 % only at the end', () => {
    assert.equal(bar(0.5, 10), '━━━━━╌╌╌╌╌  50 %');
    assert.equal(bar(0.999, 4), '━━━━  99 %');
    assert.equal(bar(7, 4), '━━━━ 100 %');
    assert.equal(bar(Number.NaN, 4), '╌╌╌╌   0 %');
  });

  it('counts bytes as people do', () => {
    assert.deepEqual([0, 999, 1_500, 22_718_509, 3e12].map(bytesText), ['0 B', '999 B', '1.5 KB', '22.7 MB', '3.0 TB']);
  });

  it('is drawn in place on a terminal, at most ten times a second, and cut to its width', () => {
    const terminal = fakeTerminal({ live: true, columns: 8 });
    let nowMs = 0;
    const live = liveLines(terminal, () => nowMs);
    live.draw(['first line that is long']);
    nowMs = 50;
    live.draw(['too soon']);
    nowMs = 200;
    live.draw(['second']);
    live.say('said');
    live.end();
    assert.equal(terminal.stderr(), 'first l\n\u001b[1A\u001b[Jsecond\n\u001b[1A\u001b[Jsaid\nsecond\n\u001b[1A\u001b[Jsecond\n');
  });

  it('is not drawn in a pipe', () => {
    const terminal = fakeTerminal();
    const live = liveLines(terminal);
    live.draw(['50 %']);
    live.say('done');
    live.end();
    assert.equal(terminal.stderr(), 'done\n');
  });
});

describe('a table', () => {
  it('aligns words to the left and numbers to the right', () => {
    assert.equal(
      table(
        ['name', 'n'],
        [
          ['a', 1],
          ['long name', 100],
        ],
      ),
      'name         n\na            1\nlong name  100\n',
    );
  });
});

describe('choosing a title', () => {
  const titles = [
    { id: 'a', name: 'One' },
    { id: 'b', name: 'Twice' },
    { id: 'c', name: 'Twice' },
    { id: 'One', name: 'Other' },
  ];
  it('goes by id before name', () => {
    assert.equal(chooseTitle(titles, 'a').id, 'a');
    assert.equal(chooseTitle(titles, 'One').name, 'Other');
    assert.equal(chooseTitle(titles, 'Other').id, 'One');
  });
  it('lists the choices instead of guessing', () => {
    assert.throws(() => chooseTitle(titles, 'Twice'), /2 titles are named "Twice".*\n {2}b {2}Twice\n {2}c {2}Twice/);
    assert.throws(() => chooseTitle(titles, 'one'), /there is no title "one"/);
  });
});
