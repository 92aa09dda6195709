import { TEMPLATES, type TemplateId } from '../../contract/index.ts';
import { isTemplate } from './render.ts';
import type { Values } from './values.ts';

export type Wanted = {
  readonly to: string;
  readonly template: TemplateId;
  readonly language: string;
  readonly values: Values;
  readonly key: string;
};
export type Verdict =
  | { readonly kind: 'wanted'; readonly wanted: Wanted }
  | { readonly kind: 'refused'; readonly problems: readonly string[] };

/** RFC 5321 4.5.3.1.3, less the angle brackets. */
const ADDRESS_CHARACTERS_MAX = 254;
/** Long enough for a link with a one-time secret. */
const VALUE_CHARACTERS_MAX = 1_000;
/** No spaces, controls, commas or brackets: one address cannot become several, nor a header of its own (RFC 5321 forbids them outside quotes). */
const ADDRESS = /^[^\s<>(),;:\\"[\]@\p{C}]{1,64}@[^\s<>(),;:\\"[\]@\p{C}]{1,255}$/u;
const LANGUAGE = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}$/;
const KEY = /^[A-Za-z0-9._:-]{1,128}$/;

/** Checks a request to send; names every problem. */
export function readRequest(request: { to: string; template: string; language: string; values: Values; key: string }): Verdict {
  const { to, template, language, values, key } = request;
  const problems: string[] = [];
  if (to.length > ADDRESS_CHARACTERS_MAX || !ADDRESS.test(to)) problems.push('to is not one plain e-mail address');
  if (!LANGUAGE.test(language)) problems.push(`language is ${shown(language)}; a BCP 47 tag such as "de" is wanted`);
  if (!KEY.test(key)) problems.push('idempotency_key wants 1 to 128 of A-Z a-z 0-9 . _ : -');
  if (!isTemplate(template)) return { kind: 'refused', problems: [...problems, `there is no template ${shown(template)}`] };
  const kept: Record<string, string> = {};
  for (const name of TEMPLATES[template]) {
    const value = values[name] ?? '';
    const problem = name === 'link' ? problemOfLink(value) : problemOfValue(value);
    if (problem === null) kept[name] = value;
    else problems.push(`values.${name} ${problem}`);
  }
  if (problems.length > 0) return { kind: 'refused', problems };
  return { kind: 'wanted', wanted: { to, template, language, values: kept, key } };
}

function problemOfValue(value: string): string | null {
  if (value === '') return 'is missing';
  if (value.length > VALUE_CHARACTERS_MAX) return `has ${value.length} characters; at most ${VALUE_CHARACTERS_MAX} are taken`;
  return /\p{Cc}/u.test(value) ? 'has control characters' : null;
}

function problemOfLink(value: string): string | null {
  const problem = problemOfValue(value);
  if (problem !== null) return problem;
  // A script or a file behind a button would run with the reader's trust in us.
  return /^https?:\/\//.test(value) && URL.canParse(value) ? null : 'is no http or https address';
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 40));
}
