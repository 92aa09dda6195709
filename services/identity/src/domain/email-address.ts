import { domainToASCII } from 'node:url';

/** RFC 5321 4.5.3.1.3, less the angle brackets. */
const CHARACTERS_MAX = 254;
const LOCAL = /^[^\s<>(),;:\\"[\]@\p{C}]{1,64}$/u;

/**
 * The form in which addresses are kept, compared and claimed: lower case (RFC 5321 2.4 lets a server tell cases apart; none that people use does),
 * the domain in ASCII. Dots and `+` parts stay: whether they matter is the mail server's business. Null for what is no plain address.
 */
export function normalizeEmail(text: string): string | null {
  const trimmed = text.trim().normalize('NFC');
  const at = trimmed.lastIndexOf('@');
  const local = trimmed.slice(0, Math.max(at, 0)).toLowerCase();
  const domain = domainToASCII(trimmed.slice(at + 1)).toLowerCase();
  const whole = `${local}@${domain}`;
  const isPlain = at > 0 && LOCAL.test(local) && /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(domain) && whole.length <= CHARACTERS_MAX;
  return isPlain ? whole : null;
}
