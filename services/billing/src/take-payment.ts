import type { BillingEvent } from '../contract/index.ts';
import { changeAccount } from './change-account.ts';
import { NOT_CHARGED, type Charge } from './domain/account.ts';
import type { BillingParts } from './parts.ts';
import type { Outcome } from './processor.ts';

/**
 * Charges what was just intended, by whoever appended the intent and nobody else. When the processor does not answer it is asked what became of the key
 * and told to close it if nothing did. When that is not answered either, the charge stays open and is settled later: this resolves all the same.
 */
export async function takePayment(parts: BillingParts, accountId: string, charge: Charge): Promise<void> {
  const { chargeId, amountMinor, currency, method } = charge;
  const token = await parts.store.readToken(accountId, method.methodId);
  const { processor, config } = parts;
  let outcome: Outcome;
  try {
    outcome = await processor.charge(
      { key: chargeId, customer: accountId, token, amountMinor, currency },
      AbortSignal.timeout(config.processorMsMax),
    );
  } catch (err) {
    parts.log.warn({ err, chargeId }, 'the outcome of a charge is not known; the processor is asked for it');
    return settlePayment(parts, accountId, { charge, giveUp: true }).catch((again: unknown) => {
      parts.log.warn({ err: again, chargeId }, 'the outcome of a charge is still not known; it is settled later');
    });
  }
  parts.reached('answered');
  await keepOutcome(parts, { accountId, charge, outcome });
}

/** Asks the processor what became of a charge and keeps the answer. `giveUp`: a step-up that the member did not answer is closed. */
export async function settlePayment(
  parts: BillingParts,
  accountId: string,
  { charge, giveUp }: { readonly charge: Charge; readonly giveUp: boolean },
): Promise<void> {
  const outcome = await parts.processor.settle({ key: charge.chargeId, giveUp }, AbortSignal.timeout(parts.config.processorMsMax));
  parts.reached('answered');
  await keepOutcome(parts, { accountId, charge, outcome });
}

/** Once: what a charge came to is written by whoever learns it first, and is the same for all, for the processor decides each key once. */
async function keepOutcome(
  parts: BillingParts,
  { accountId, charge, outcome }: { readonly accountId: string; readonly charge: Charge; readonly outcome: Outcome },
): Promise<void> {
  const { chargeId } = charge;
  const wallMs = parts.nowMs();
  const atMs = charge.atMs + (wallMs - charge.wallMs);
  await changeAccount(parts.store, { accountId, commandId: `${chargeId}/${outcome.kind}` }, ({ account }) => {
    const state = account.charges.get(chargeId)?.state;
    if (state !== 'intended' && state !== 'challenged') return [];
    return [eventOf({ charge, outcome, atMs, wallMs })];
  });
  parts.reached('outcome_kept');
}

function eventOf(kept: {
  readonly charge: Charge;
  readonly outcome: Outcome;
  readonly atMs: number;
  readonly wallMs: number;
}): BillingEvent {
  const { outcome, atMs, wallMs } = kept;
  const { chargeId, state } = kept.charge;
  switch (outcome.kind) {
    case 'succeeded':
      return { type: 'charge.succeeded', atMs, chargeId, reference: outcome.reference };
    case 'declined':
      return { type: 'charge.declined', atMs, chargeId, because: outcome.because, isHard: outcome.isHard };
    case 'challenged':
      return { type: 'charge.challenged', atMs, chargeId, challengeId: outcome.challengeId, wallMs };
    case 'closed':
      return { type: 'charge.closed', atMs, chargeId, because: state === 'challenged' ? 'step_up_failed' : NOT_CHARGED };
    default:
      return outcome satisfies never;
  }
}
