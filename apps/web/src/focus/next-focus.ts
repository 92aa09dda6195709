/** A control on the page, in pixels from one corner of it. */
export type Box = { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };
export const DIRECTIONS = ['left', 'right', 'up', 'down'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/**
 * Which of the boxes an arrow key leads to from here; -1: none. A page is read as lines: up and down lead to the nearest line, and there to what lies straight
 * ahead or closest to it, so that no line is ever jumped over; left and right stay in the line.
 */
export function nextFocus(from: Box, boxes: readonly Box[], direction: Direction): number {
  const here = turned(from, direction);
  const ahead = boxes.map((box, index) => ({ box: turned(box, direction), index })).filter(({ box }) => isAhead(here, box));
  const reachable =
    direction === 'left' || direction === 'right' ? ahead.filter(({ box }) => gapAcross(here, box) === 0) : firstLine(ahead);
  const best = reachable.reduce<Candidate | undefined>(
    (found, each) => (found === undefined || isBetter(here, each.box, found.box) ? each : found),
    undefined,
  );
  return best?.index ?? -1;
}

type Candidate = { readonly box: Box; readonly index: number };

/** So that every direction is downwards. */
function turned({ left, top, right, bottom }: Box, direction: Direction): Box {
  switch (direction) {
    case 'down':
      return { left, top, right, bottom };
    case 'up':
      return { left, top: -bottom, right, bottom: -top };
    case 'right':
      return { left: top, top: left, right: bottom, bottom: right };
    case 'left':
      return { left: top, top: -right, right: bottom, bottom: -left };
    default:
      return direction satisfies never;
  }
}

/** Its middle lies beyond our end: what stands beside us, a little taller or lower, does not count. */
function isAhead(here: Box, box: Box): boolean {
  return (box.top + box.bottom) / 2 > here.bottom;
}

/** Those beside the one that begins first. */
function firstLine(ahead: readonly Candidate[]): readonly Candidate[] {
  const first = ahead.reduce<Candidate | undefined>(
    (found, each) => (found === undefined || each.box.top < found.box.top ? each : found),
    undefined,
  );
  return first === undefined ? [] : ahead.filter(({ box }) => box.top < first.box.bottom);
}

function isBetter(here: Box, one: Box, other: Box): boolean {
  const differences = [
    gapAcross(here, one) - gapAcross(here, other),
    one.top - other.top,
    Math.abs(middleAcross(here) - middleAcross(one)) - Math.abs(middleAcross(here) - middleAcross(other)),
  ];
  return (differences.find((difference) => difference !== 0) ?? 0) < 0;
}

/** How far one has to go sideways; 0 when it lies straight ahead, if only in part. */
function gapAcross(here: Box, box: Box): number {
  return Math.max(0, box.left - here.right, here.left - box.right);
}

function middleAcross(box: Box): number {
  return (box.left + box.right) / 2;
}
