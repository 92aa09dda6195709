import { useEffect } from 'react';
import { needsArrow } from './arrow-use.ts';
import { boxOf, focusablesIn, focusScope, holderOf } from './focusables.ts';
import { nextFocus, type Direction } from './next-focus.ts';
import { directionOf, isBack } from './remote-keys.ts';

/**
 * The arrow keys of a remote control (or of a keyboard) move over everything that can be pressed, OK (Enter) presses it, and Back goes back. What needs
 * arrows itself keeps them: fields, sliders, menus (they prevent the default), and parts with `data-arrows="own"`, as long as nothing within shows that it has the keyboard.
 */
export function useSpatialFocus(): void {
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    let leftPath = window.location.pathname;
    let cameBackFrom = '';
    document.addEventListener(
      'keydown',
      (event) => {
        leftPath = window.location.pathname;
        if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
        if (isBack(event)) {
          event.preventDefault();
          history.back();
          return;
        }
        const direction = directionOf(event);
        if (direction === undefined ? event.key === 'Enter' && press(document.activeElement) : move(direction, cameBackFrom))
          event.preventDefault();
        if (direction !== undefined) cameBackFrom = '';
      },
      { signal },
    );
    document.addEventListener('pointerdown', () => (leftPath = window.location.pathname), { signal });
    // Whoever comes back goes on where they left.
    window.addEventListener('popstate', () => (cameBackFrom = leftPath), { signal });
    return () => leaving.abort();
  }, []);
}

/** True when the key is used up. */
function move(direction: Direction, cameBackFrom: string): boolean {
  const { activeElement } = document;
  const owner = document.querySelector('[data-arrows="own"]');
  if (owner !== null && owner.querySelector(':focus-visible') === null) return false;
  const startSide = getComputedStyle(activeElement ?? document.body).direction === 'rtl' ? 'right' : 'left';
  if (needsArrow(holderOf(activeElement), direction, startSide)) return false;
  const all = focusablesIn(focusScope(document));
  const from = all.find((element) => element === activeElement);
  const target = from === undefined ? startingPoint(all, cameBackFrom) : all[nextFocus(boxOf(from), all.map(boxOf), direction)];
  // At the edge of the page the browser scrolls on: there may be something to read. A closed list would change what is chosen, a slider its value.
  if (target === undefined) return activeElement instanceof HTMLSelectElement || activeElement instanceof HTMLInputElement;
  target.focus({ preventScroll: true });
  // Within a group of choices an arrow chooses, as it does everywhere.
  if (isSameChoice(from, target)) target.click();
  const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
  target.scrollIntoView({ block: direction === 'up' || direction === 'down' ? 'center' : 'nearest', inline: 'nearest', behavior });
  return true;
}

/** Nothing has the keyboard yet: the link to the page that one comes back from, else the first thing of the page itself. */
function startingPoint(all: readonly HTMLElement[], cameBackFrom: string): HTMLElement | undefined {
  const back =
    cameBackFrom === '' ? undefined : all.find((element) => element instanceof HTMLAnchorElement && element.pathname === cameBackFrom);
  const inView = all.filter((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return bottom > 0 && top < window.innerHeight;
  });
  return back ?? inView.find((element) => element.closest('main') !== null) ?? inView[0] ?? all[0];
}

function isSameChoice(from: HTMLElement | undefined, target: HTMLElement): boolean {
  return (
    from instanceof HTMLInputElement &&
    target instanceof HTMLInputElement &&
    target.type === 'radio' &&
    from.type === 'radio' &&
    from.name === target.name
  );
}

/** OK on what Enter does not press by itself. */
function press(element: Element | null): boolean {
  if (element instanceof HTMLInputElement && element.type === 'checkbox') {
    element.click();
    return true;
  }
  if (element instanceof HTMLSelectElement && holderOf(element).kind === 'none') {
    element.showPicker();
    return true;
  }
  return false;
}
