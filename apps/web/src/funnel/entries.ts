/** What identity asks for at least (services/identity/src/domain/password-rules.ts). */
export const PASSWORD_CHARACTERS_MIN = 8;

/** Finds mistyped addresses; whether there is such a mailbox only a mail can tell. */
export function isEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/.test(text.trim());
}
