import { refused, type Refusal } from './domain/refusal.ts';
import { rateWindow, type RateWindow, type Taken } from './domain/rate-window.ts';

/** How often things may be tried. Counted in this process only. */
export type Limits = {
  /** Wrong passwords: of one address at one account, at one account from anywhere, from one address. */
  readonly signIn: { readonly byBoth: RateWindow; readonly byEmail: RateWindow; readonly byAddress: RateWindow };
  /** Messages that a stranger can have us send: to one mailbox, from one address. */
  readonly mail: { readonly byEmail: RateWindow; readonly byAddress: RateWindow };
  /** Links and passkeys that were presented. */
  readonly presentedByAddress: RateWindow;
  /** Wrong PINs, and passwords entered by who is signed in, by account. */
  readonly proofByAccount: RateWindow;
};

const QUARTER_MS = 15 * 60_000;
const HOUR_MS = 60 * 60_000;

export function openLimits(): Limits {
  return {
    signIn: {
      byBoth: rateWindow({ triesMax: 10, windowMs: QUARTER_MS }),
      // A botnet must not try on, and a joker not keep the owner out for long.
      byEmail: rateWindow({ triesMax: 50, windowMs: QUARTER_MS }),
      // A school or a mobile network is one address.
      byAddress: rateWindow({ triesMax: 200, windowMs: QUARTER_MS }),
    },
    mail: { byEmail: rateWindow({ triesMax: 5, windowMs: HOUR_MS }), byAddress: rateWindow({ triesMax: 60, windowMs: HOUR_MS }) },
    presentedByAddress: rateWindow({ triesMax: 200, windowMs: QUARTER_MS }),
    // A four-digit PIN holds for three weeks on average against who tries without pause.
    proofByAccount: rateWindow({ triesMax: 5, windowMs: QUARTER_MS }),
  };
}

export type Ticket = { readonly kind: 'ok'; readonly giveBack: () => void } | Refusal;

/** One try of each window, or of none. `giveBack` when the try was a good one. */
export function take(windows: readonly (readonly [RateWindow, string])[], nowMs: number): Ticket {
  const taken: (readonly [RateWindow, string])[] = [];
  const giveBack = (): void => taken.forEach(([window, key]) => window.giveBack(key));
  for (const entry of windows) {
    const [window, key] = entry;
    const answer: Taken = window.take(key, nowMs);
    if (answer.kind === 'wait') {
      giveBack();
      return refused('too_many_tries', { retryAfterMs: answer.retryAfterMs });
    }
    taken.push(entry);
  }
  return { kind: 'ok', giveBack };
}
