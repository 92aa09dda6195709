import type { RequestContext } from '@bioscope/rpc';

import { isAvailable, refused, SESSION_ENDED, type Refused } from '../domain/entitlement.ts';
import { sessionState, type Session } from '../domain/session.ts';
import type { PlaybackParts } from './context.ts';

export type Continuation = { readonly kind: 'granted'; readonly session: Session } | Refused;

/**
 * Whether a session may have another token. A catalogue that does not answer and never told of the title is no reason to stop a film that
 * was allowed to start.
 */
export async function mayContinue(
  { store, catalogue, nowMs, log }: Pick<PlaybackParts, 'store' | 'catalogue' | 'nowMs' | 'log'>,
  sessionId: string,
  within?: RequestContext,
): Promise<Continuation> {
  const session = await store.readSession(sessionId);
  if (session === null || sessionState(session, nowMs()) !== 'alive') return SESSION_ENDED;
  if (await store.isRemoved(session.titleId)) return REMOVED;
  try {
    const title = await catalogue.title(session.titleId, within);
    if (title === null) return REMOVED;
    if (!isAvailable(title, nowMs())) return refused('not_available', 'This title cannot be watched any longer.');
  } catch (fault) {
    log.warn({ err: fault, titleId: session.titleId }, 'the catalogue does not answer: the session goes on');
  }
  return { kind: 'granted', session };
}

const REMOVED = refused('unknown_title', 'This title is not in the catalogue any more.');
