import { isPlanId } from './plan.ts';

export type WantedPrice = {
  readonly planId: string;
  readonly amountMinor: number;
  readonly fromMs: number;
  readonly why: string;
  readonly commandId: string;
};

/** What is wrong with a price that an operator wants to set; empty when nothing is. `currency` is null where we do not sell. */
export function problemsOfPrice(
  wanted: WantedPrice,
  { currency, nowMs }: { readonly currency: string | null; readonly nowMs: number },
): readonly string[] {
  const { planId, amountMinor, fromMs, why, commandId } = wanted;
  const problems: string[] = [];
  if (!isPlanId(planId)) problems.push(`there is no plan ${JSON.stringify(planId.slice(0, SHOWN_MAX))}`);
  if (currency === null) problems.push('country must be one of ListCountries');
  if (!Number.isSafeInteger(amountMinor) || amountMinor < 1 || amountMinor > AMOUNT_MINOR_MAX)
    problems.push(`amount_minor is ${amountMinor}; a whole number from 1 to ${AMOUNT_MINOR_MAX} is wanted`);
  if (!Number.isSafeInteger(fromMs) || fromMs < nowMs - CLOCKS_APART_MS || fromMs > nowMs + AHEAD_MS_MAX)
    problems.push('from_ms must be between now and two years from now: what was offered in the past stays as it was');
  if (why.trim() === '' || why.length > WHY_MAX) problems.push(`why must say in 1 to ${WHY_MAX} characters why the price changes`);
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(commandId)) problems.push('command_id must be 1 to 64 of A-Z a-z 0-9 _ -');
  return problems;
}

/** Ten billion: a year's plan in the smallest currency is far below, a slip of the keyboard is not. */
const AMOUNT_MINOR_MAX = 10_000_000_000;
/** "Now" of an operator's form is a minute old when it arrives. */
const CLOCKS_APART_MS = 60_000;
const AHEAD_MS_MAX = 2 * 365 * 86_400_000;
const WHY_MAX = 500;
const SHOWN_MAX = 40;
