/** Where a line stands, in pixels. `at` is negative where it is read from right to left, as browsers have it. */
export type Scrolled = { readonly at: number; readonly width: number; readonly whole: number; readonly isRightToLeft: boolean };

/** Whether the line stands at one of its ends. */
export function endsOf({ at, width, whole }: Scrolled): { atStart: boolean; atEnd: boolean } {
  // Positions are rounded on scaled screens.
  return { atStart: Math.abs(at) <= 1, atEnd: whole - width - Math.abs(at) <= 1 };
}

/** Where it stands after turning it by a page: a little less than what is seen, so that nothing is missed. */
export function turnedBy(scrolled: Scrolled, pages: 1 | -1): number {
  const { at, width, whole, isRightToLeft } = scrolled;
  const to = Math.min(Math.max(Math.abs(at) + pages * width * SEEN_ANEW, 0), Math.max(0, whole - width));
  return isRightToLeft && to > 0 ? -to : to;
}

const SEEN_ANEW = 0.85;
