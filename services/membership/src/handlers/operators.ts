import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Passport } from '@bioscope/passport';
import { RpcError } from '@bioscope/rpc';

import type {
  AdvanceClockRequest,
  AdvanceClockResponseSchema,
  ListTimelineRequest,
  ListTimelineResponseSchema,
} from '../../contract/index.ts';
import type { MembershipParts } from './context.ts';
import { requireId, requireOperator } from './requests.ts';
import { membershipView } from './views.ts';
import { memberNow } from '../change-member.ts';
import { reachOfClock } from '../domain/passing-time.ts';

type Asks = Pick<Passport, 'isOperator'>;

export async function listTimeline(
  parts: MembershipParts,
  { accountId }: ListTimelineRequest,
  asks: Asks,
): Promise<MessageInitShape<typeof ListTimelineResponseSchema>> {
  requireOperator(asks);
  const events = await parts.store.events(requireId('account_id', accountId));
  return {
    events: events.map(({ sequence, type, data, recordedAtMs }) => ({ sequence, type, data: Buffer.from(data).toString(), recordedAtMs })),
  };
}

export async function advanceClock(
  parts: MembershipParts,
  { accountId, byMs, commandId }: AdvanceClockRequest,
  asks: Asks,
): Promise<MessageInitShape<typeof AdvanceClockResponseSchema>> {
  requireOperator(asks);
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
