/** NIST SP 800-63B: length counts, composition rules do not. */
const CHARACTERS_MIN = 8;
/** A hash of a megabyte would cost us more than its sender. */
const CHARACTERS_MAX = 256;

/** The form in which a password is hashed, the same from every keyboard (NFKC, as NIST asks); null when it may not be one. */
export function readPassword(text: string, email: string): string | null {
  if (text.length > CHARACTERS_MAX) return null;
  const password = text.normalize('NFKC');
  if (Array.from(password).length < CHARACTERS_MIN || password.length > CHARACTERS_MAX * 4) return null;
  if (new Set(password).size < 2 || password.toLowerCase() === email) return null;
  return password;
}

/** What somebody types who signs in: never refused for its form, only bounded. */
export function typedPassword(text: string): string {
  return text.slice(0, CHARACTERS_MAX).normalize('NFKC');
}

/** Digits only: it is typed with a remote control. */
export function isProfilePin(text: string): boolean {
  return /^\d{4}$/.test(text);
}

export function isAccountPin(text: string): boolean {
  return /^\d{4,6}$/.test(text);
}
