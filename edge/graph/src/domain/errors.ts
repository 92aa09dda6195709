import type { ResponsePath } from './paths.ts';

/** An error of a reply, as the GraphQL specification shapes it (section 7.1.2). */
export type ReplyError = {
  readonly message: string;
  readonly path?: ResponsePath;
  readonly extensions: { readonly code: string } & Readonly<Record<string, unknown>>;
};

/** A service that fails for each of thousands of entities is understood after the first hundred. */
export const ERRORS_MAX = 100;

export function addError(errors: ReplyError[], error: ReplyError): void {
  if (errors.length < ERRORS_MAX) errors.push(error);
}

/** Whether some error speaks of this place, of one it lies in, or of one in it. */
export function isExplained(errors: readonly ReplyError[], path: ResponsePath): boolean {
  return errors.some((error) => {
    const place = error.path ?? [];
    const shorter = Math.min(place.length, path.length);
    for (let i = 0; i < shorter; i += 1) if (place[i] !== path[i]) return false;
    return true;
  });
}
