import type { Title } from '@bioscope/catalog/contract';
import { RpcError, type RequestContext } from '@bioscope/rpc';

import { SESSION_ENDED, type Refused } from '../domain/entitlement.ts';
import { isGranted, type Grant, type Session } from '../domain/session.ts';
import type { MemberParts, PlaybackParts } from './context.ts';
import { keepSlot } from './entitle.ts';

type Renewed = { readonly kind: 'granted'; readonly grant: Grant | null } | Refused;

/**
 * Decides anew whether a running session may go on, and keeps its stream slot. Without an answer of access or the catalog the last decision holds for a few
 * minutes more. A session is its account's: nobody else's heartbeat keeps it alive.
 */
export async function renewGrant(
  parts: Pick<PlaybackParts, 'members' | 'store' | 'nowMs' | 'log'>,
  play: { readonly session: Session; readonly title: Title | null },
  context: RequestContext,
): Promise<Renewed> {
  const { members, nowMs, log } = parts;
  const { session, title } = play;
  if (members === null) return { kind: 'granted', grant: session.grant };
  // Without a grant: of the time before the service had members.
  if (session.grant === null || members.asks(context).accountId !== session.grant.accountId) return SESSION_ENDED;
  try {
    if (title === null) throw new RpcError('unavailable', 'the catalog does not answer');
    const right = await members.rightToPlay(title, context);
    if (right.kind === 'refused') return await endAs(right, members, session.grant, session.id);
    const { heightMax, streamsMax, untilMs } = right;
    return await keepSlot({ ...members, store: parts.store, nowMs }, session, { ...session.grant, heightMax, streamsMax, untilMs });
  } catch (fault) {
    if (!isGranted(session, nowMs())) throw fault;
    log.warn({ err: fault }, 'nobody tells whether the session may go on: it does, as it was last decided');
    return { kind: 'granted', grant: session.grant };
  }
}

async function endAs(refusal: Refused, { streams }: MemberParts, { accountId }: Grant, sessionId: string): Promise<Refused> {
  await streams.free(accountId, sessionId);
  return refusal;
}
