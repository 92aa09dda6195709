import type { Box } from './next-focus.ts';
import type { Holder } from './arrow-use.ts';

const FOCUSABLE =
  'a[href], button:not([disabled]), input:not([disabled], [type="hidden"]), select:not([disabled]), textarea:not([disabled]), summary, [tabindex="0"]';

/** Where arrows move now: in the dialog that is open on top, else on the whole page. */
export function focusScope(document: Document): ParentNode {
  return [...document.querySelectorAll('dialog:modal, [aria-modal="true"]')].at(-1) ?? document.body;
}

/** All that can be reached now. `data-arrows="skip"` is for what only those need who come with the Tab key. */
export function focusablesIn(scope: ParentNode): HTMLElement[] {
  return [...scope.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
    (element) => element.tabIndex >= 0 && element.closest('[inert], [data-arrows="skip"]') === null && isThere(element),
  );
}

function isThere(element: HTMLElement): boolean {
  if (!element.checkVisibility({ visibilityProperty: true })) return false;
  const { width, height } = element.getBoundingClientRect();
  return width > 0 && height > 0;
}

/** A control that is drawn by its label (a picture to choose, say) lies where the label does. */
export function boxOf(element: HTMLElement): Box {
  const drawn =
    element instanceof HTMLInputElement && ['radio', 'checkbox'].includes(element.type) ? (element.closest('label') ?? element) : element;
  return drawn.getBoundingClientRect();
}

export function holderOf(element: Element | null): Holder {
  if (element instanceof HTMLTextAreaElement) return { kind: 'all' };
  if (element instanceof HTMLSelectElement) return isOpen(element) ? { kind: 'all' } : { kind: 'none' };
  if (!(element instanceof HTMLInputElement))
    return element?.getAttribute('role') === 'slider' ? { kind: 'range', isAtMost: false, isAtLeast: false } : { kind: 'none' };
  if (element.type === 'range') return { kind: 'range', isAtMost: element.value === element.max, isAtLeast: element.value === element.min };
  if (['radio', 'checkbox', 'button', 'submit', 'file'].includes(element.type)) return { kind: 'none' };
  // Some kinds of fields (e-mail, numbers) do not say where their caret is: they are left sideways when empty only.
  const { selectionStart, selectionEnd, value } = element;
  const known = selectionStart !== null && selectionStart === selectionEnd;
  return {
    kind: 'line',
    caretAtStart: value === '' || (known && selectionStart === 0),
    caretAtEnd: value === '' || (known && selectionEnd === value.length),
  };
}

function isOpen(select: HTMLSelectElement): boolean {
  // Where a browser cannot say it, an open list would lose its keys: it is left to itself.
  return !CSS.supports('selector(:open)') || select.matches(':open');
}
