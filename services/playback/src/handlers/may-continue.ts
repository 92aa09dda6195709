import type { Title } from '@bioscope/catalog/contract';
import type { RequestContext } from '@bioscope/rpc';

import { isAvailable, refused, SESSION_ENDED, STOPPED, type Refused } from '../domain/entitlement.ts';
import { sessionState, type Session } from '../domain/session.ts';
import type { PlaybackParts } from './context.ts';

/** `title` is null when the catalogue does not answer. */
export type Continuation = { readonly kind: 'granted'; readonly session: Session; readonly title: Title | null } | Refused;

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
  if (session === null || sessionState(session, nowMs()) !== 'alive') return session?.isStopped === true ? STOPPED : SESSION_ENDED;
  if (await store.isRemoved(session.titleId)) return REMOVED;
  let title: Title | null = null;
  try {
    title = await catalogue.title(session.titleId, within);
    if (title === null) return REMOVED;
    // Where there are members, access decides about windows: of the member's country.
    if (session.grant === null && !isAvailable(title, nowMs())) return refused('not_available', 'This title cannot be watched any longer.');
  } catch (fault) {
    log.warn({ err: fault, titleId: session.titleId }, 'the catalogue does not answer: the session goes on');
  }
  return { kind: 'granted', session, title };
}

const REMOVED = refused('unknown_title', 'This title is not in the catalogue any more.');
