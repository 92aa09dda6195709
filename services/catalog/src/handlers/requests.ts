import { RpcError } from '@bioscope/rpc';

const ID = /^[A-Za-z0-9_-]{1,64}$/;

/** Checks an id from outside; `field` names it in the message. */
export function requireId(field: string, id: string): string {
  if (!ID.test(id))
    throw new RpcError('invalid_argument', `${field} is ${JSON.stringify(id.slice(0, 80))}; 1 to 64 of A-Z a-z 0-9 _ - are wanted`);
  return id;
}

export function invalid(problems: readonly string[]): RpcError {
  return new RpcError('invalid_argument', problems.slice(0, PROBLEMS_TOLD_MAX).join('; '));
}

/** Enough to mend a request; a broken one can have thousands. */
const PROBLEMS_TOLD_MAX = 10;

/** How many entries a page may have; 0 asks for the usual. */
export function pageSize(asked: number, usual: number): number {
  if (asked > PAGE_SIZE_MAX) throw invalid([`page_size is ${asked}; at most ${PAGE_SIZE_MAX} are told at once`]);
  return asked === 0 ? usual : asked;
}

/** A page is one message; larger ones only make everybody wait. */
const PAGE_SIZE_MAX = 1000;

/** A language tag or nothing. What no language has is no fault: texts fall back. */
export function requireLanguage(language: string): string {
  if (language.length > LANGUAGE_CHARACTERS_MAX) throw invalid([`language has ${language.length} characters`]);
  return language;
}

/** RFC 5646, 4.4.1. */
const LANGUAGE_CHARACTERS_MAX = 35;
