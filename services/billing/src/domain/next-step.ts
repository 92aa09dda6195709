import { openCharge, openTrial, type Account, type Charge, type Start } from './account.ts';
import { nextRetryMs } from './retry-schedule.ts';

/** How long a member has to answer the bank. */
export const CHALLENGE_MS_MAX = 3_600_000;

/** What is to be done about something that was begun. */
export type OpenStep =
  /** Nobody waits for the processor's answer any more: ask it what became of the charge, and close it if nothing did. */
  | { readonly do: 'settle'; readonly charge: Charge }
  | { readonly do: 'issue_invoice'; readonly charge: Charge }
  | { readonly do: 'open_period'; readonly charge: Charge }
  | { readonly do: 'tell_failure'; readonly charge: Charge }
  | { readonly do: 'begin_trial'; readonly start: Start }
  /** By the real clock. */
  | { readonly do: 'wait'; readonly untilWallMs: number };

/** Null: nothing is under way. `answerMsMax`: by then whoever intended a charge has its outcome or is gone. A pure function of the events, so that after a kill nothing has to be mended by hand. */
export function openStep(account: Account, answerMsMax: number, wallMs: number): OpenStep | null {
  const charge = openCharge(account);
  if (charge !== null) return chargeStep(charge, answerMsMax, wallMs);
  const start = openTrial(account);
  return start === null ? null : { do: 'begin_trial', start };
}

function chargeStep(charge: Charge, answerMsMax: number, wallMs: number): OpenStep {
  switch (charge.state) {
    case 'intended':
      return settleAt(charge, charge.wallMs + answerMsMax, wallMs);
    case 'challenged':
      return settleAt(charge, charge.challengedWallMs + CHALLENGE_MS_MAX, wallMs);
    case 'succeeded':
      return { do: charge.invoiceNumber === '' ? 'issue_invoice' : 'open_period', charge };
    case 'declined':
    case 'closed':
      return { do: 'tell_failure', charge };
    default:
      return charge.state satisfies never;
  }
}

function settleAt(charge: Charge, atMs: number, wallMs: number): OpenStep {
  return wallMs >= atMs ? { do: 'settle', charge } : { do: 'wait', untilWallMs: atMs };
}

/** What billing must know of a membership to say what is due. Times are the account's own. */
export type Standing = {
  readonly state: 'none' | 'funnel' | 'trial' | 'active' | 'past_due' | 'on_hold' | 'ending' | 'lapsed';
  readonly periodUntilMs: number;
  readonly holdAtMs: number;
  readonly lapseAtMs: number;
  readonly nowMs: number;
};
export type DueStep =
  | {
      readonly do: 'charge_renewal';
      /** The member did not watch meanwhile: the months are counted anew from now. */ readonly isAnew: boolean;
    }
  /** By the account's clock. */
  | { readonly do: 'wait'; readonly untilMs: number }
  | { readonly do: 'rest' };

/** What is due when nothing is under way. */
export function dueStep({ dunning, method }: Account, standing: Standing): DueStep {
  const { state, periodUntilMs, nowMs } = standing;
  switch (state) {
    case 'none':
    case 'funnel':
    case 'lapsed':
      return { do: 'rest' };
    case 'ending':
      return { do: 'wait', untilMs: periodUntilMs };
    case 'trial':
    case 'active':
      return nowMs >= periodUntilMs ? { do: 'charge_renewal', isAnew: false } : { do: 'wait', untilMs: periodUntilMs };
    case 'past_due':
    case 'on_hold': {
      const isAnew = state === 'on_hold';
      const isTried = dunning !== null && dunning.dueAtMs === periodUntilMs;
      // A card that was not tried yet is tried at once.
      if (!isTried || dunning.lastMethodId !== method?.methodId) return { do: 'charge_renewal', isAnew };
      const retryMs = nextRetryMs(dunning);
      if (retryMs !== null && nowMs >= retryMs) return { do: 'charge_renewal', isAnew };
      const changesMs = isAnew ? standing.lapseAtMs : standing.holdAtMs;
      return { do: 'wait', untilMs: Math.min(retryMs ?? changesMs, changesMs) };
    }
    default:
      return state satisfies never;
  }
}
