import { randomUUID } from 'node:crypto';
import { CLOCK } from '../clock.ts';
import { createMeter } from '../figures/meter.ts';
import { LOOPBACK, type Resolve } from '../names/resolve.ts';
import { ask, type AskNeeds, type Bearer } from '../network/ask.ts';
import { createClient } from '../network/client.ts';
import type { Credentials, Doors } from '../options.ts';
import { readJson } from '../play/play-session.ts';
import { createMember } from './member.ts';

export type EnrolNeeds = {
  readonly doors: Doors;
  readonly resolve?: Resolve;
  readonly authority?: string;
  /** The secret of the newest link that was mailed to the address to verify it. */
  readonly mailedLink: (email: string) => Promise<string>;
  /** How these two operations of the graph are named or written: `{documentId}` or `{query}`. */
  readonly offers: object;
  readonly startMembership: object;
};

export type Enrolment = Credentials & {
  readonly name: string;
  /** Two letters (ISO 3166-1), where the plans are offered. */
  readonly country: string;
  /** A card of the sandbox that pays. */
  readonly cardNumber: string;
  readonly nowMs: number;
};

/** The plan with the most streams, so that few accounts do for many viewers. */
export type Enrolled = { readonly planId: string; readonly streamsMax: number };

/**
 * Signs up, follows the link in the mail, pays with a test card: what a newcomer does in a browser. Rejects with an error that names the step
 * that did not work; then there may be an account without a membership.
 */
export async function enrolMember(needs: EnrolNeeds, enrolment: Enrolment): Promise<Enrolled> {
  const { doors, resolve = LOOPBACK, authority } = needs;
  const client = createClient({ clock: CLOCK, resolve, ...(authority === undefined ? {} : { authority }) });
  const record = createMeter({ stallMsMax: Infinity }).recorder(() => undefined);
  const asking: AskNeeds = { client, clock: CLOCK, random: Math.random, record };
  const member = createMember({ ...asking, appOrigin: doors.app, credentials: enrolment, deviceId: `enrolling-${randomUUID()}` });
  const { signal } = new AbortController();
  try {
    await member.signUp({ ...enrolment, language: 'en' }, () => needs.mailedLink(enrolment.email), signal);
    const paymentToken = await cardToken(asking, doors.app, enrolment, signal);
    const plan = await bestPlan(asking, needs, member, enrolment.country, signal);
    const variables = { commandId: randomUUID(), planId: plan.planId, country: enrolment.country, paymentToken };
    const paid = await askGraph(asking, needs, member, { ...needs.startMembership, variables }, signal);
    const { startMembership } = paid as { startMembership?: { status?: string; reason?: string } };
    if (startMembership?.status !== 'DONE') throw new Error(`paying for ${plan.planId} came to ${JSON.stringify(startMembership)}`);
    return plan;
  } finally {
    await client.close();
  }
}

/** From the processor's own form. */
async function cardToken(asking: AskNeeds, appOrigin: string, { cardNumber, nowMs }: Enrolment, signal: AbortSignal): Promise<string> {
  const body = { number: cardNumber, expiresMonth: 12, expiresYear: new Date(nowMs).getUTCFullYear() + 2 };
  const answer = await ask(asking, { door: 'page', url: `${appOrigin}/sandbox/tokens`, body, signal });
  const { token } = ((answer.kind === 'answered' ? readJson(answer.sent.body) : undefined) ?? {}) as { token?: string };
  if (token === undefined) throw new Error('the card was not taken: is the payment processor the sandbox?');
  return token;
}

type SentOffers = {
  readonly offers?: { readonly offers?: readonly { readonly plan: { readonly id: string; readonly streamsMax: number } }[] };
};

async function bestPlan(asking: AskNeeds, needs: EnrolNeeds, bearer: Bearer, country: string, signal: AbortSignal): Promise<Enrolled> {
  const told = (await askGraph(asking, needs, bearer, { ...needs.offers, variables: { country } }, signal)) as SentOffers;
  const [plan] = (told.offers?.offers ?? []).map((offer) => offer.plan).toSorted((one, other) => other.streamsMax - one.streamsMax);
  if (plan === undefined) throw new Error(`no plan is offered in ${country}`);
  return { planId: plan.id, streamsMax: plan.streamsMax };
}

async function askGraph(asking: AskNeeds, { doors }: EnrolNeeds, bearer: Bearer, body: object, signal: AbortSignal): Promise<object> {
  const answer = await ask(asking, { door: 'catalogue', url: `${doors.api}/graphql`, body, bearer, signal });
  const told = ((answer.kind === 'answered' ? readJson(answer.sent.body) : undefined) ?? {}) as { data?: object; errors?: unknown };
  if (told.data === undefined || told.errors !== undefined)
    throw new Error(`the graph answered ${JSON.stringify(told.errors ?? answer.kind)}`);
  return told.data;
}
