import type { Title } from '@bioscope/catalog/contract';
import type { RequestContext } from '@bioscope/rpc';

import type { StartSessionRequest } from '../../contract/index.ts';
import { decidePlay, refused, SESSION_ENDED, STOPPED, type Refused } from '../domain/entitlement.ts';
import { sessionState, type Grant } from '../domain/session.ts';
import type { StreamSlot } from '../domain/stream-slots.ts';
import type { MemberParts, PlaybackParts } from './context.ts';
import { requireViewer } from './requests.ts';

/** Who watches, and by what right; null where everybody may. */
export type Entitled = { readonly kind: 'granted'; readonly viewerId: string; readonly grant: Grant | null } | Refused;

/**
 * Whether who calls may begin the title, and the stream slot for it. The caller gives the slot back when nothing comes of it. Rejects with `unavailable` when
 * access does not answer: nobody begins a film of which nobody knows whether it is theirs.
 */
export async function entitle(
  parts: Pick<PlaybackParts, 'members' | 'nowMs'>,
  play: { readonly request: StartSessionRequest; readonly title: Title; readonly sessionId: string },
  context: RequestContext,
): Promise<Entitled> {
  const { request, title, sessionId } = play;
  if (parts.members === null) {
    const viewerId = requireViewer(request.viewerId);
    const decision = decidePlay(title, parts.nowMs());
    return decision.kind === 'refused' ? decision : { kind: 'granted', viewerId, grant: null };
  }
  const { asks, rightToPlay, streams } = parts.members;
  const { accountId, profileId, deviceId } = asks(context);
  const right = await rightToPlay(title, context);
  if (right.kind === 'refused') return right;
  const { heightMax, streamsMax, untilMs } = right;
  const leased = await streams.take(accountId, { sessionId, profileId, deviceId, titleId: title.id }, { streamsMax, isBeginning: true });
  if (leased.kind === 'full') return streamLimit(leased.held, streamsMax);
  return { kind: 'granted', viewerId: profileId, grant: { accountId, deviceId, fence: leased.fence, heightMax, streamsMax, untilMs } };
}

/** Keeps the stream slot of a running session; takes a free one when its own went to another, unless the session was ended meanwhile. */
export async function keepSlot(
  { streams, store, nowMs }: Pick<MemberParts, 'streams'> & Pick<PlaybackParts, 'store' | 'nowMs'>,
  session: { readonly id: string; readonly titleId: string; readonly viewerId: string },
  grant: Grant,
): Promise<{ readonly kind: 'granted'; readonly grant: Grant } | Refused> {
  const { accountId, deviceId, fence, streamsMax } = grant;
  if ((await streams.renew(accountId, { sessionId: session.id, fence })) === 'renewed') return { kind: 'granted', grant };
  const who = { sessionId: session.id, profileId: session.viewerId, deviceId, titleId: session.titleId };
  const leased = await streams.take(accountId, who, { streamsMax });
  if (leased.kind === 'full') return streamLimit(leased.held, streamsMax);
  const now = await store.readSession(session.id);
  if (sessionState(now, nowMs()) === 'alive') return { kind: 'granted', grant: { ...grant, fence: leased.fence } };
  await streams.free(accountId, session.id);
  return now?.isStopped === true ? STOPPED : SESSION_ENDED;
}

function streamLimit(held: readonly StreamSlot[], limit: number): Refused {
  const text = 'As many films as your plan allows are being watched on this account. Stop one of them to watch this.';
  return { ...refused('stream_limit', text), lifts: ['stop_another_stream', 'choose_higher_plan'], limit, streams: held };
}
