import type { MessageInitShape } from '@bufbuild/protobuf';
import { newToken } from '@bioscope/kv';
import type { RequestContext } from '@bioscope/rpc';

import type { HeartbeatRequest, HeartbeatResponseSchema } from '../../contract/index.ts';
import { decideBookmark, type ProgressReport } from '../domain/bookmark.ts';
import type { Refused } from '../domain/entitlement.ts';
import { needsRenewal, needsWriting, type Session } from '../domain/session.ts';
import { answerRefusal } from './answer-refusal.ts';
import type { PlaybackParts } from './context.ts';
import { mayContinue } from './may-continue.ts';
import { renewGrant } from './renew-grant.ts';
import { requireId, requirePosition } from './requests.ts';

/** The bookmark is durable when the token comes back. */
export async function heartbeat(
  parts: PlaybackParts,
  request: HeartbeatRequest,
  context: RequestContext,
): Promise<MessageInitShape<typeof HeartbeatResponseSchema>> {
  const sessionId = requireId('session_id', request.sessionId);
  const positionMs = requirePosition(request.positionMs);
  const keep = bookmarkKeeper(parts);
  // From before the session is read: an end that overtakes this stays the end.
  const token = newToken(parts.nowMs);
  const continuation = await mayContinue(parts, sessionId, context);
  if (continuation.kind === 'refused') return refuse(parts, sessionId, continuation);
  const { session } = continuation;
  const renewed = await renewGrant(parts, continuation, context);
  if (renewed.kind === 'refused') return refuse(parts, sessionId, renewed);
  await keep(session, { positionMs, playing: request.playing });
  const nowMs = parts.nowMs();
  parts.live.sessions.seen(sessionId, nowMs);
  if (needsRenewal(session, nowMs) || needsWriting(session.grant, renewed.grant, nowMs)) {
    await parts.store.putSession({ ...session, grant: renewed.grant, renewedAtMs: nowMs }, token);
  }
  return { outcome: { case: 'token', value: await parts.tokens.issue({ sessionId, editionId: session.editionId }) } };
}

function refuse({ live }: Pick<PlaybackParts, 'live'>, sessionId: string, refusal: Refused): ReturnType<typeof answerRefusal> {
  live.sessions.ended(sessionId);
  return answerRefusal(refusal);
}

/** Made before the title is looked up: its write is then older than that of a removal which comes between, and does not undo it. */
export function bookmarkKeeper({
  store,
  announce,
  nowMs,
}: Pick<PlaybackParts, 'store' | 'announce' | 'nowMs'>): (session: Session, report: ProgressReport) => Promise<void> {
  const token = newToken(nowMs);
  return async ({ viewerId, titleId, durationMs }, report) => {
    const previous = await store.readBookmark(viewerId, titleId);
    const decision = decideBookmark(previous, report, { titleId, durationMs, nowMs: nowMs() });
    if (decision.kind === 'keep') return;
    await store.putBookmark(viewerId, decision.bookmark, token);
    announce(viewerId, decision.bookmark);
  };
}
