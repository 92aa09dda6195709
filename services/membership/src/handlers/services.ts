import type { MessageInitShape } from '@bufbuild/protobuf';

import type {
  GetEntitlementRequest,
  GetEntitlementResponseSchema,
  GetMembershipRequest,
  GetMembershipResponseSchema,
} from '../../contract/index.ts';
import { memberNow } from '../change-member.ts';
import { entitlementAt } from '../domain/entitlement.ts';
import type { MembershipParts } from './context.ts';
import { requireId } from './requests.ts';
import { membershipView, stateView } from './views.ts';

/** What an account may do, now by its own clock or at another time. */
export async function getEntitlement(
  parts: MembershipParts,
  request: GetEntitlementRequest,
): Promise<MessageInitShape<typeof GetEntitlementResponseSchema>> {
  const { member, version } = await parts.store.read(requireId('account_id', request.accountId));
  const atMs = request.atMs === 0 ? parts.nowMs() + member.aheadMs : request.atMs;
  const { state, terms, reason, untilMs, changesAtMs } = entitlementAt(member, atMs);
  const always = { state: stateView(state), reason, version, changesAtMs: changesAtMs === 0 ? 0 : changesAtMs - member.aheadMs };
  if (terms === null) return { entitled: false, ...always };
  const { planId, streamsMax, heightMax, downloadDevicesMax, devicesMax = 0 } = terms;
  const given = { planTier: planId, planId, streamsMax, heightMax, downloadsMax: downloadDevicesMax, devicesMax };
  return { entitled: true, ...always, ...given, untilMs };
}

export async function getMembership(
  parts: MembershipParts,
  { accountId }: GetMembershipRequest,
): Promise<MessageInitShape<typeof GetMembershipResponseSchema>> {
  return { membership: membershipView(await memberNow(parts, requireId('account_id', accountId))) };
}
