/** As long as shows below a picture on a phone. */
export const NAME_CHARACTERS_MAX = 30;

/** The name of a profile as it is kept; null when it is none. Emoji and every script are welcome, controls are not. */
export function readName(text: string): string | null {
  const name = text.trim().normalize('NFC');
  const isName = name !== '' && Array.from(name).length <= NAME_CHARACTERS_MAX && !/[\p{Cc}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u.test(name);
  return isName ? name : null;
}
