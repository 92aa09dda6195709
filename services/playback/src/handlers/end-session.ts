import type { MessageInitShape } from '@bufbuild/protobuf';

import type { EndSessionRequest, EndSessionResponseSchema } from '../../contract/index.ts';
import { sessionState } from '../domain/session.ts';
import type { PlaybackParts } from './context.ts';
import { bookmarkKeeper } from './heartbeat.ts';
import { requireId, requirePosition } from './requests.ts';

/** Ending twice, or what never was, is no error: a player that closes cannot do anything about it. */
export async function endSession(
  parts: PlaybackParts,
  request: EndSessionRequest,
): Promise<MessageInitShape<typeof EndSessionResponseSchema>> {
  const sessionId = requireId('session_id', request.sessionId);
  const positionMs = requirePosition(request.positionMs);
  parts.live.sessions.ended(sessionId);
  const keep = bookmarkKeeper(parts);
  const session = await parts.store.readSession(sessionId);
  const nowMs = parts.nowMs();
  if (session === null) return {};
  if (sessionState(session, nowMs) === 'alive') {
    if (!(await parts.store.isRemoved(session.titleId))) await keep(session, { positionMs, playing: false });
    await parts.store.putSession({ ...session, endedAtMs: nowMs });
  }
  // After the end is written: a heartbeat that takes a slot now finds that and gives it back.
  if (session.grant !== null) await parts.members?.streams.free(session.grant.accountId, sessionId);
  return {};
}
