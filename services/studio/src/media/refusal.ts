/** Why a file is not taken. The codes are shown to programs, the message to people; a code is never given another meaning. */
export const REFUSAL_CODES = [
  'empty',
  'not_a_film',
  'image',
  'audio_only',
  'playlist',
  'encrypted',
  'broken',
  'no_video',
  'parsers_disagree',
  'too_small',
  'too_large',
  'too_long',
  'too_many_streams',
  'too_costly',
  'unsupported',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** The input is at fault and no retry mends it. `message` says what is wrong and what to do about it. */
export type MediaRefusal = { readonly code: RefusalCode; readonly message: string };

export function refuse(code: RefusalCode, message: string): { readonly kind: 'refused'; readonly refusal: MediaRefusal } {
  return { kind: 'refused', refusal: { code, message } };
}
