import assert from 'node:assert/strict';
import { it } from 'node:test';
import { needsArrow } from './arrow-use.ts';

const middle = { kind: 'line', caretAtStart: false, caretAtEnd: false } as const;
const end = { ...middle, caretAtEnd: true };

it('a field keeps the arrows that move in its text, and gives those that would leave it', () => {
  assert.deepEqual(
    (['left', 'right', 'up', 'down'] as const).map((direction) => needsArrow(middle, direction, 'left')),
    [true, true, false, false],
  );
  assert.equal(needsArrow(end, 'right', 'left'), false);
  assert.equal(needsArrow(end, 'left', 'left'), true);
});
it('the end of a text that is read from right to left is on the left', () => {
  assert.equal(needsArrow(end, 'left', 'right'), false);
  assert.equal(needsArrow(end, 'right', 'right'), true);
});
it('a slider keeps its own two until its end, an open list all, a button none', () => {
  const slider = { kind: 'range', isAtMost: true, isAtLeast: false } as const;
  assert.deepEqual(
    (['left', 'right', 'down'] as const).map((direction) => needsArrow(slider, direction, 'left')),
    [true, false, false],
  );
  assert.equal(needsArrow({ kind: 'all' }, 'down', 'left'), true);
  assert.equal(needsArrow({ kind: 'none' }, 'left', 'left'), false);
});
