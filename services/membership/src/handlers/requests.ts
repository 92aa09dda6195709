import type { Passport } from '@bioscope/passport';
import { RpcError } from '@bioscope/rpc';

import type { Period, PlanTerms, Terms } from '../../contract/index.ts';

const ID = /^[A-Za-z0-9_.:-]{1,200}$/;

/** Checks an id from outside; `field` names it in the message. */
export function requireId(field: string, id: string): string {
  if (!ID.test(id))
    throw new RpcError('invalid_argument', `${field} is ${JSON.stringify(id.slice(0, 80))}; 1 to 200 of A-Z a-z 0-9 _ . : - are wanted`);
  return id;
}

/** The account that asks. Visitors have none. */
export function requireAccount({ accountId }: Pick<Passport, 'accountId'>): string {
  if (accountId === '') throw new RpcError('unauthenticated', 'sign in first');
  return accountId;
}

/** The account, asked for by somebody who may decide about it. Whether the account's PIN was given is access' business; children decide nothing here. */
export function requireGrownUp(asks: Pick<Passport, 'accountId' | 'isKids'>): string {
  if (asks.isKids) throw new RpcError('permission_denied', "children's profiles decide nothing about the membership");
  return requireAccount(asks);
}

/** The command id of a member: their own, so that no member's can meet one of billing. */
export function memberCommand(commandId: string): string {
  return `member:${requireId('command_id', commandId)}`;
}

export function requirePeriod(request: {
  readonly plan?: PlanTerms | undefined;
  readonly priceId: string;
  readonly fromMs: number;
  readonly untilMs: number;
}): Period {
  const { plan, priceId, fromMs, untilMs } = request;
  if (plan === undefined || plan.planId === '' || priceId === '') throw new RpcError('invalid_argument', 'plan and price_id are wanted');
  if (!Number.isSafeInteger(fromMs) || !Number.isSafeInteger(untilMs) || fromMs <= 0 || untilMs <= fromMs)
    throw new RpcError('invalid_argument', 'from_ms and until_ms must be a period that ends after it begins');
  return { terms: requireTerms(plan), priceId, fromMs, untilMs };
}

function requireTerms({ planId, rank, heightMax, streamsMax, downloadDevicesMax, extraMembersMax, devicesMax }: PlanTerms): Terms {
  if (streamsMax < 1 || heightMax < 1 || rank < 1) throw new RpcError('invalid_argument', 'plan has no rank, height or streams');
  return { planId, rank, heightMax, streamsMax, downloadDevicesMax, extraMembersMax, devicesMax };
}
