import type { Direction } from './next-focus.ts';

type Press = { readonly key: string; readonly keyCode: number };

/** The direction of an arrow key; undefined for other keys. */
export function directionOf({ key }: Pick<Press, 'key'>): Direction | undefined {
  return ARROWS.get(key);
}

const ARROWS: ReadonlyMap<string, Direction> = new Map([
  ['ArrowLeft', 'left'],
  ['ArrowRight', 'right'],
  ['ArrowUp', 'up'],
  ['ArrowDown', 'down'],
]);

/** webOS and Tizen know the key of their remote controls by number only. */
const BACK_ON_WEBOS = 461;
const BACK_ON_TIZEN = 10_009;

/** The Back key of a remote control. Escape and Backspace are the browser's and the page's. */
export function isBack({ key, keyCode }: Press): boolean {
  return key === 'GoBack' || key === 'XF86Back' || keyCode === BACK_ON_WEBOS || keyCode === BACK_ON_TIZEN;
}
