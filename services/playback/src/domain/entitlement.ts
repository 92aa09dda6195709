import type { Refusal } from '@bioscope/access/contract';
import { TitleState, type Title } from '@bioscope/catalog/contract';

import type { StreamSlot } from './stream-slots.ts';

export type RefusalReason = 'unknown_title' | 'not_ready' | 'not_available' | 'session_ended' | 'no_appliance' | 'stopped';
export type Refused = {
  readonly kind: 'refused';
  /** Or a code of access, which decides about members. */
  readonly because: RefusalReason | Refusal;
  readonly message: string;
  /** Of access's LIFTS. */
  readonly lifts?: readonly string[];
  readonly liftsAtMs?: number;
  /** How many the plan has, of what there are too many. */
  readonly limit?: number;
  /** With "stream_limit": who watches. */
  readonly streams?: readonly StreamSlot[];
};

/** Whether a title may be played now. Null: the catalogue knows no such title. */
export function decidePlay(title: Title | null, nowMs: number): { readonly kind: 'granted'; readonly editionId: string } | Refused {
  if (title === null) return refused('unknown_title', 'This title is not in the catalogue any more.');
  if (title.editionId === '') return refused('not_ready', notReady(title));
  if (!isAvailable(title, nowMs)) return refused('not_available', 'This title cannot be watched at the moment.');
  return { kind: 'granted', editionId: title.editionId };
}

/** Inside its window: from inclusive, until exclusive; zero is no bound. */
export function isAvailable(window: { readonly availableFromMs: number; readonly availableUntilMs: number }, nowMs: number): boolean {
  const hasBegun = window.availableFromMs === 0 || nowMs >= window.availableFromMs;
  return hasBegun && (window.availableUntilMs === 0 || nowMs < window.availableUntilMs);
}

export function refused(because: Refused['because'], message: string): Refused {
  return { kind: 'refused', because, message };
}

export const STOPPED: Refused = refused('stopped', 'This film was stopped by another device of the account. Start it again to go on.');
export const SESSION_ENDED: Refused = refused('session_ended', 'This session has ended. Start the film again to go on.');

function notReady(title: Title): string {
  if (title.state !== TitleState.FAILED) return 'This title is still being prepared. It can be watched in a few minutes.';
  return title.failure === '' ? 'This title could not be prepared.' : `This title could not be prepared: ${title.failure}`;
}
