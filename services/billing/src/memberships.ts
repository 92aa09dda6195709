import { MemberState, MembershipService, Refusal, type ChangeResponse, type Membership } from '@bioscope/membership/contract';
import { PlansService, type Plan, type Price } from '@bioscope/plans/contract';
import { RpcError, type CallOptions, type RequestContext, type Rpc } from '@bioscope/rpc';

import type { BillingPeriod, Bought } from '../contract/index.ts';
import type { Standing } from './domain/next-step.ts';

/** What billing asks of membership and plans. Rejects with `unavailable` when they do not answer; nothing is decided by guess. */
export type Memberships = {
  /** With what time has brought about written down. */
  standing(accountId: string, within?: RequestContext): Promise<MemberStanding>;
  /** That somebody is about to pay. */
  choosePlan(request: { accountId: string; planId: string; country: string; commandId: string }, within: RequestContext): Promise<void>;
  beginTrial(request: Opening & { readonly country: string }): Promise<void>;
  activate(request: Opening & { readonly country: string }): Promise<void>;
  renew(request: Opening): Promise<void>;
  /** False when nothing is due any more: the member left meanwhile. */
  reportPaymentFailed(request: {
    accountId: string;
    because: string;
    holdAtMs: number;
    lapseAtMs: number;
    commandId: string;
  }): Promise<boolean>;
  /** What is offered of a plan; null when it is not, there or then. */
  offer(
    wanted: { planId: string; country: string; atMs: number },
    within: RequestContext,
  ): Promise<{ bought: Bought; trialDays: number } | null>;
  priceOf(priceId: string): Promise<Bought>;
};
export type MemberStanding = Standing & {
  readonly wasMember: boolean;
  readonly country: string;
  readonly renewalPriceId: string;
  readonly aheadMs: number;
};
export type Opening = { readonly accountId: string; readonly bought: Bought; readonly period: BillingPeriod; readonly commandId: string };

export function membershipsOf(rpc: Pick<Rpc, 'client'>): Memberships {
  const members = rpc.client(MembershipService);
  const plans = rpc.client(PlansService);

  /** Terms are those of the plan as it is now: a member keeps them from the period that is opened. */
  async function openingRequest({ accountId, bought, period, commandId }: Opening) {
    const { plan } = await asked(plans.getPrice({ priceId: bought.priceId }, OPTIONS));
    const { id: planId, rank, heightMax, streamsMax, downloadDevicesMax, extraMembersMax, devicesMax } = known(plan);
    const terms = { planId, rank, heightMax, streamsMax, downloadDevicesMax, extraMembersMax, devicesMax };
    return { accountId, plan: terms, priceId: bought.priceId, fromMs: period.fromMs, untilMs: period.untilMs, commandId };
  }

  return {
    async standing(accountId, within) {
      const { membership } = await asked(members.catchUp({ accountId }, inside(within)));
      return standingOf(known(membership));
    },
    async choosePlan(request, within) {
      await asked(members.choosePlan(request, inside(within)));
    },
    async beginTrial(request) {
      mustBeDone(await asked(members.beginTrial({ ...(await openingRequest(request)), country: request.country }, OPTIONS)));
    },
    async activate(request) {
      mustBeDone(await asked(members.activate({ ...(await openingRequest(request)), country: request.country }, OPTIONS)));
    },
    async renew(request) {
      mustBeDone(await asked(members.renew(await openingRequest(request), OPTIONS)));
    },
    async reportPaymentFailed(request) {
      return (await asked(members.reportPaymentFailed(request, OPTIONS))).refused === Refusal.NONE;
    },
    async offer({ planId, country, atMs }, within) {
      const { offers, trialDays } = await asked(plans.listOffers({ country, atMs }, inside(within)));
      const price = offers.find(({ plan }) => plan?.id === planId)?.price;
      return price === undefined ? null : { bought: boughtAt(price), trialDays };
    },
    async priceOf(priceId) {
      return boughtAt(known((await asked(plans.getPrice({ priceId }, OPTIONS))).price));
    },
  };
}

function standingOf(membership: Membership): MemberStanding {
  const { state, periodUntilMs, holdAtMs, lapseAtMs, nowMs, wasMember, country, renewalPriceId, clockAheadMs } = membership;
  const known = STATES[state];
  if (known === undefined) throw new Error(`membership told of the unknown state ${state}`);
  return { state: known, periodUntilMs, holdAtMs, lapseAtMs, nowMs, wasMember, country, renewalPriceId, aheadMs: clockAheadMs };
}

function boughtAt({ planId, id, amountMinor, currency, currencyDigits }: Price): Bought {
  return { planId, priceId: id, amountMinor, currency, currencyDigits };
}

/** Membership takes in everything that was paid for; a refusal here is a bug, and the money waits until it is mended. */
function mustBeDone({ refused, membership }: ChangeResponse): void {
  if (refused !== Refusal.NONE) throw new Error(`membership refused what account ${membership?.accountId} paid for (refusal ${refused})`);
}

async function asked<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    if (cause instanceof RpcError && cause.code !== 'invalid_argument')
      throw new RpcError('unavailable', 'membership or plans cannot be asked now; try again', { cause });
    throw cause;
  }
}

function known<T extends Plan | Price | Membership>(value: T | undefined): T {
  if (value === undefined) throw new Error('an answer of membership or plans is incomplete');
  return value;
}

function inside(within: RequestContext | undefined): CallOptions {
  return within === undefined ? OPTIONS : { ...OPTIONS, within };
}

/** All of these are idempotent: reads, and commands with ids. */
const OPTIONS: CallOptions = { deadlineMs: 2_000, idempotent: true };

const STATES: Readonly<Partial<Record<MemberState, Standing['state']>>> = {
  [MemberState.NONE]: 'none',
  [MemberState.FUNNEL]: 'funnel',
  [MemberState.TRIAL]: 'trial',
  [MemberState.ACTIVE]: 'active',
  [MemberState.PAST_DUE]: 'past_due',
  [MemberState.ON_HOLD]: 'on_hold',
  [MemberState.ENDING]: 'ending',
  [MemberState.LAPSED]: 'lapsed',
};
