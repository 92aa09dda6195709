import { addError, type ReplyError } from '../domain/errors.ts';

export type Refused = { readonly kind: 'refused'; readonly errors: readonly ReplyError[] };

export function refused(code: string, ...messages: readonly string[]): Refused {
  const errors: ReplyError[] = [];
  for (const message of messages) addError(errors, { message, extensions: { code } });
  return { kind: 'refused', errors };
}
