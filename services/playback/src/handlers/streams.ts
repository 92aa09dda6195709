import type { MessageInitShape } from '@bufbuild/protobuf';
import { RpcError, type RequestContext } from '@bioscope/rpc';

import type { ListStreamsResponseSchema, StopStreamRequest, StopStreamResponseSchema } from '../../contract/index.ts';
import { sessionState } from '../domain/session.ts';
import { streamOf } from './answer-refusal.ts';
import type { MemberParts, PlaybackParts } from './context.ts';
import { requireId } from './requests.ts';

/** What is being watched on the caller's account now. */
export async function listStreams(
  { members }: Pick<PlaybackParts, 'members'>,
  context: RequestContext,
): Promise<MessageInitShape<typeof ListStreamsResponseSchema>> {
  const { accountId, streams } = memberOf(members, context);
  return { streams: (await streams.list(accountId)).map(streamOf) };
}

/** Another account's session is no session: nothing happens, and nothing is told. */
export async function stopStream(
  { members, store, nowMs }: Pick<PlaybackParts, 'members' | 'store' | 'nowMs'>,
  request: Pick<StopStreamRequest, 'sessionId'>,
  context: RequestContext,
): Promise<MessageInitShape<typeof StopStreamResponseSchema>> {
  const sessionId = requireId('session_id', request.sessionId);
  const { accountId, streams } = memberOf(members, context);
  const session = await store.readSession(sessionId);
  if (session?.grant?.accountId !== accountId) return {};
  // First the session: a heartbeat in between finds it ended and takes no slot.
  if (sessionState(session, nowMs()) === 'alive') await store.putSession({ ...session, endedAtMs: nowMs(), isStopped: true });
  await streams.free(accountId, sessionId);
  return {};
}

function memberOf(members: MemberParts | null, context: RequestContext): { accountId: string; streams: MemberParts['streams'] } {
  if (members === null) throw new RpcError('failed_precondition', 'this service has no members');
  const { accountId } = members.asks(context);
  if (accountId === '') throw new RpcError('unauthenticated', 'sign in first');
  return { accountId, streams: members.streams };
}
