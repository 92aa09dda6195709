import assert from 'node:assert/strict';
import { it } from 'node:test';
import { directionOf, isBack } from './remote-keys.ts';

it('knows the arrows, and no other key', () => {
  assert.deepEqual(
    ['ArrowLeft', 'ArrowDown', 'Enter', 'a', 'constructor'].map((key) => directionOf({ key })),
    ['left', 'down', undefined, undefined, undefined],
  );
});
it('knows Back by its names and by the numbers of televisions, and leaves Escape and Backspace alone', () => {
  const back = [
    { key: 'GoBack', keyCode: 0 },
    { key: 'XF86Back', keyCode: 10_009 },
    { key: 'Unidentified', keyCode: 461 },
    { key: 'Escape', keyCode: 27 },
    { key: 'Backspace', keyCode: 8 },
  ];
  assert.deepEqual(back.map(isBack), [true, true, true, false, false]);
});
