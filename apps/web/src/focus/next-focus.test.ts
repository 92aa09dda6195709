import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { array, assert as check, constantFrom, integer, nat, property, record } from 'fast-check';
import { DIRECTIONS, nextFocus, type Box, type Direction } from './next-focus.ts';

const box = (left: number, top: number, width: number, height: number): Box => ({ left, top, right: left + width, bottom: top + height });

/** Where a sequence of arrows leads, by the names of the boxes. */
function walk(page: Readonly<Record<string, Box>>, start: string, ...arrows: Direction[]): string[] {
  const names = Object.keys(page);
  const boxes = Object.values(page);
  let at = names.indexOf(start);
  return arrows.map((arrow) => {
    const from = boxes[at];
    assert.ok(from);
    const next = nextFocus(from, boxes, arrow);
    if (next >= 0) at = next;
    return names[at] ?? '';
  });
}

const HOME = {
  home: box(200, 20, 60, 24),
  search: box(280, 20, 60, 24),
  profile: box(1800, 10, 48, 48),
  play: box(80, 700, 160, 48),
  details: box(260, 700, 160, 48),
  one: box(80, 900, 300, 170),
  two: box(400, 900, 300, 170),
  three: box(720, 900, 300, 170),
  four: box(1040, 900, 300, 170),
  // Scrolled a little: its first card is half out of sight.
  alpha: box(-200, 1200, 240, 360),
  beta: box(60, 1200, 240, 360),
  gamma: box(320, 1200, 240, 360),
};

describe('an arrow on the home page', () => {
  it('leads to the nearest line, from wherever', () => {
    assert.deepEqual(walk(HOME, 'profile', 'down', 'down', 'down', 'up'), ['details', 'one', 'beta', 'one']);
  });
  it('leads straight ahead where something lies there', () => {
    assert.deepEqual(walk(HOME, 'three', 'up', 'down', 'right', 'right', 'down'), ['details', 'one', 'two', 'three', 'gamma']);
  });
  it('stays in its line to the left and right, and stands at its ends', () => {
    assert.deepEqual(walk(HOME, 'home', 'left', 'right', 'right', 'right'), ['home', 'search', 'profile', 'profile']);
    assert.deepEqual(walk(HOME, 'beta', 'left', 'left', 'down'), ['alpha', 'alpha', 'alpha']);
  });
});

describe('any page of lines', () => {
  const lines = array(
    record({
      offset: integer({ min: -300, max: 300 }),
      widths: array(integer({ min: 20, max: 300 }), { minLength: 1, maxLength: 8 }),
    }),
    {
      minLength: 1,
      maxLength: 8,
    },
  ).map((rows) =>
    rows.flatMap(({ offset, widths }, row) =>
      widths.map((width, place) => box(offset + widths.slice(0, place).reduce((sum, each) => sum + each + 10, 0), row * 120, width, 100)),
    ),
  );

  it('can be walked to every control from every other', () => {
    check(
      property(lines, nat(), (boxes, seed) => {
        const reached = new Set([seed % boxes.length]);
        for (const at of reached) {
          for (const direction of DIRECTIONS) {
            const from = boxes[at];
            const next = from === undefined ? -1 : nextFocus(from, boxes, direction);
            if (next >= 0) reached.add(next);
          }
        }
        assert.equal(reached.size, boxes.length);
      }),
    );
  });
  it('is never left, and an arrow never leads to where one is or back', () => {
    check(
      property(lines, nat(), constantFrom(...DIRECTIONS), (boxes, seed, direction) => {
        const at = seed % boxes.length;
        const from = boxes[at];
        assert.ok(from);
        const next = nextFocus(from, boxes, direction);
        assert.ok(next >= -1 && next < boxes.length && next !== at);
        const to = boxes[next];
        if (to === undefined) return;
        const moved = { left: from.left - to.left, right: to.left - from.left, up: from.top - to.top, down: to.top - from.top }[direction];
        assert.ok(moved > 0);
      }),
    );
  });
});
