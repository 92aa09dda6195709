import type { Direction } from './next-focus.ts';

/** What has the keyboard, as far as arrows matter to it. */
export type Holder =
  | { readonly kind: 'line'; readonly caretAtStart: boolean; readonly caretAtEnd: boolean }
  /** Several lines of text, an open list, a date: all arrows are its own. */
  | { readonly kind: 'all' }
  /** Something between two ends. */
  | { readonly kind: 'range'; readonly isAtMost: boolean; readonly isAtLeast: boolean }
  | { readonly kind: 'none' };

/** Whether the control that has the keyboard needs this arrow for itself. `toStart` is the arrow that points to the beginning of its text. */
export function needsArrow(holder: Holder, direction: Direction, toStart: 'left' | 'right'): boolean {
  const sideways = direction === 'left' || direction === 'right';
  switch (holder.kind) {
    case 'all':
      return true;
    case 'range':
      return sideways && !(direction === toStart ? holder.isAtLeast : holder.isAtMost);
    case 'line':
      return sideways && !(direction === toStart ? holder.caretAtStart : holder.caretAtEnd);
    case 'none':
      return false;
    default:
      return holder satisfies never;
  }
}
