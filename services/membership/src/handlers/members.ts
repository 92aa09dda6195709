import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Passport } from '@bioscope/passport';
import { RpcError, type RequestContext } from '@bioscope/rpc';

import {
  Refusal,
  type CancelRequest,
  type CancelPlanChangeRequest,
  type ChangePlanRequest,
  type ChangeResponseSchema,
  type GetOwnMembershipResponseSchema,
  type UndoCancelRequest,
} from '../../contract/index.ts';
import { memberNow } from '../change-member.ts';
import type { MembershipParts } from './context.ts';
import { memberCommand, requireAccount, requireGrownUp } from './requests.ts';
import { changeView, membershipView } from './views.ts';

type Asks = Pick<Passport, 'accountId' | 'isKids'>;
type Change = MessageInitShape<typeof ChangeResponseSchema>;

export async function getOwnMembership(
  parts: MembershipParts,
  asks: Asks,
): Promise<MessageInitShape<typeof GetOwnMembershipResponseSchema>> {
  return { membership: membershipView(await memberNow(parts, requireAccount(asks))) };
}

export async function cancel(parts: MembershipParts, request: CancelRequest, asks: Asks): Promise<Change> {
  if (request.why.length > WHY_MAX)
    throw new RpcError('invalid_argument', `why has ${request.why.length} characters; at most ${WHY_MAX} are kept`);
  return changeView(await parts.change(own(asks, request), { type: 'cancel', why: request.why }));
}

export async function undoCancel(parts: MembershipParts, request: UndoCancelRequest, asks: Asks): Promise<Change> {
  return changeView(await parts.change(own(asks, request), { type: 'undo_cancel' }));
}

export async function cancelPlanChange(parts: MembershipParts, request: CancelPlanChangeRequest, asks: Asks): Promise<Change> {
  return changeView(await parts.change(own(asks, request), { type: 'cancel_plan_change' }));
}

/** The price is the one that is in force where the member is billed, today. */
export async function changePlan(parts: MembershipParts, request: ChangePlanRequest, asks: Asks, call: RequestContext): Promise<Change> {
  const change = own(asks, request);
  const now = await memberNow(parts, change.accountId);
  const { country, paid } = now.member;
  // Back to the plan that was paid for costs what it cost, whether or not it is still offered.
  const choice =
    paid?.terms.planId === request.planId ? paid : await parts.offers({ planId: request.planId, country, atMs: now.nowMs }, call);
  if (choice === null) return { refused: Refusal.PLAN_NOT_OFFERED_HERE, membership: membershipView(now) };
  return changeView(await parts.change(change, { type: 'change_plan', ...choice }));
}

function own(asks: Asks, { commandId }: { readonly commandId: string }): { accountId: string; commandId: string } {
  return { accountId: requireGrownUp(asks), commandId: memberCommand(commandId) };
}

const WHY_MAX = 200;
