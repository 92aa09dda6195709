import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Passport } from '@bioscope/passport';
import { RpcError } from '@bioscope/rpc';

import type {
  AdvanceClockRequest,
  AdvanceClockResponseSchema,
  ChangeResponseSchema,
  EndMembershipRequest,
  ListTimelineRequest,
  ListTimelineResponseSchema,
  ShowMembershipRequest,
  ShowMembershipResponseSchema,
} from '../../contract/index.ts';
import { memberNow } from '../change-member.ts';
import type { MembershipParts } from './context.ts';
import { requireId } from './requests.ts';
import { changeView, membershipView } from './views.ts';
import { reachOfClock } from '../domain/passing-time.ts';

// Who may do these is access' business (service.ts).

export async function showMembership(
  parts: MembershipParts,
  { accountId }: ShowMembershipRequest,
): Promise<MessageInitShape<typeof ShowMembershipResponseSchema>> {
  return { membership: membershipView(await memberNow(parts, requireId('account_id', accountId))) };
}

export async function endMembership(
  parts: MembershipParts,
  { accountId, commandId, why }: EndMembershipRequest,
  asks: Pick<Passport, 'accountId'>,
): Promise<MessageInitShape<typeof ChangeResponseSchema>> {
  if (why.trim() === '' || why.length > WHY_MAX) throw new RpcError('invalid_argument', `why wants 1 to ${WHY_MAX} characters`);
  const ids = { accountId: requireId('account_id', accountId), commandId: `operator:${requireId('command_id', commandId)}` };
  return changeView(await parts.change(ids, { type: 'cancel', why: `operator ${asks.accountId}: ${why.trim()}` }));
}

/** Leaves room for who it was within what a member may say. */
const WHY_MAX = 100;

export async function listTimeline(
  parts: MembershipParts,
  { accountId }: ListTimelineRequest,
): Promise<MessageInitShape<typeof ListTimelineResponseSchema>> {
  const events = await parts.store.events(requireId('account_id', accountId));
  return {
    events: events.map(({ sequence, type, data, recordedAtMs }) => ({ sequence, type, data: Buffer.from(data).toString(), recordedAtMs })),
  };
}

export async function advanceClock(
  parts: MembershipParts,
  { accountId, byMs, commandId }: AdvanceClockRequest,
): Promise<MessageInitShape<typeof AdvanceClockResponseSchema>> {
  if (!parts.config.hasTestClocks)
    throw new RpcError('failed_precondition', 'clocks can be moved only where BIOSCOPE_TEST_CLOCKS=1 is set');
  if (!Number.isSafeInteger(byMs) || byMs < 1 || byMs > BY_MS_MAX)
    throw new RpcError('invalid_argument', `by_ms is ${byMs}; a whole number from 1 to ${BY_MS_MAX} is wanted`);
  const ids = { accountId: requireId('account_id', accountId), commandId: requireId('command_id', commandId) };
  const { member, nowMs } = await memberNow(parts, ids.accountId);
  const { now } = await parts.change(ids, { type: 'advance_clock', byMs: reachOfClock(member, byMs, nowMs) });
  return { membership: membershipView(now) };
}

/** Ten years: longer than any test, short of the end of time. */
const BY_MS_MAX = 10 * 365 * 86_400_000;
