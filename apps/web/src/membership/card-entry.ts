import type { CardEntry } from './card-door.ts';

export type CardText = { readonly number: string; readonly expires: string };
export type CardProblem = { readonly field: keyof CardText; readonly because: 'number' | 'expires' | 'expired' };

/** Reads what somebody typed; looks at the form of it only, whether there is such a card is known to the processor. */
export function readCard(card: CardText, nowMs: number): { readonly entry: CardEntry } | { readonly problem: CardProblem } {
  const number = card.number.replaceAll(/\D/g, '');
  if (number.length < 12 || number.length > 19 || !passesLuhn(number)) return { problem: { field: 'number', because: 'number' } };
  const [, month = '', year = ''] = /^\s*(\d{1,2})\s*[/.\-\s]\s*(\d{2}|\d{4})\s*$/.exec(card.expires) ?? [];
  const expiresMonth = Number(month);
  const expiresYear = year.length === 2 ? 2000 + Number(year) : Number(year);
  if (month === '' || expiresMonth < 1 || expiresMonth > 12) return { problem: { field: 'expires', because: 'expires' } };
  // A card is good to the last day of its month, wherever that still is.
  const endsMs = Date.UTC(expiresYear, expiresMonth, 2);
  if (endsMs <= nowMs) return { problem: { field: 'expires', because: 'expired' } };
  return { entry: { number, expiresMonth, expiresYear } };
}

/** ISO/IEC 7812-1, annex B: finds a mistyped digit, and most that changed places. */
function passesLuhn(number: string): boolean {
  let sum = 0;
  for (const [place, digit] of number.split('').reverse().entries()) {
    const value = Number(digit) * (place % 2 === 0 ? 1 : 2);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

/** "4242 4242 4242 4242" while it is typed. */
export function spacedNumber(typed: string): string {
  return typed
    .replaceAll(/\D/g, '')
    .slice(0, 19)
    .replaceAll(/(\d{4})(?=\d)/g, '$1 ');
}

/** "12/29" while it is typed; a slash that is being deleted stays away. */
export function slashedExpiry(typed: string, before: string): string {
  const digits = typed.replaceAll(/[^\d]/g, '').slice(0, 4);
  if (typed.length < before.length || digits.length < 2) return typed.replaceAll(/[^\d/]/g, '').slice(0, 5);
  return `${digits.slice(0, 2)}/${digits.slice(2)}`;
}
