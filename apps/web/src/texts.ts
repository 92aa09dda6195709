import { formatTexts, type FormatText, type RefusalsTexts, type Texts, type TextValues, type WebTexts } from '@bioscope/strings/contract';

/** The texts of one language, as the server put them into the page or gives them under `/strings`. */
export type LanguageTexts = { readonly language: string; readonly web: Texts; readonly refusals: Texts };

type Speech = {
  readonly language: string;
  readonly locale: string;
  readonly web: FormatText<WebTexts>;
  readonly refusals: FormatText<RefusalsTexts>;
  readonly refusalTexts: Texts;
};

let speech: Speech | undefined;

/** From now on the app speaks this language; who draws has to draw anew. `locale` says how numbers and dates are written. */
export function speak({ language, web, refusals }: LanguageTexts, locale: string): void {
  speech = {
    language,
    locale,
    web: formatTexts<WebTexts>(web, locale),
    refusals: formatTexts<RefusalsTexts>(refusals, locale),
    refusalTexts: refusals,
  };
}

function spoken(): Speech {
  if (speech === undefined) throw new Error('the app has no texts yet: speak() comes first');
  return speech;
}

/** Everything that a person can read: `text('player.resumedAt', { time })`. Keys and values are those of services/strings/texts/en/web.json. */
export function text<K extends keyof WebTexts>(key: K, ...values: TextValues<WebTexts[K]>): string {
  return spoken().web(key, ...values);
}

export function language(): string {
  return spoken().language;
}

export function locale(): string {
  return spoken().locale;
}

export type Words = { readonly title: string; readonly text: string };

/** Why something is not possible, by the code that a service answered with; general words for codes of a newer release. */
export function refusalWords(because: string): Words {
  const { refusals, refusalTexts } = spoken();
  const known = Object.hasOwn(refusalTexts, `because.${because}.title`) ? because : 'unknown';
  // Checked above: a key of the bundle that takes no values.
  return { title: refusals(`because.${known}.title` as NoValues), text: refusals(`because.${known}.text` as NoValues) };
}

/** The same with the number that the plan has, of what there are too many; undefined where the words say no number. */
export function countedRefusal(because: string, count: number): string | undefined {
  const key = `because.${because}.counted`;
  return hasRefusal(key) ? spoken().refusals(key as 'because.device_limit.counted', { count }) : undefined;
}

/** Why a payment did not work, by billing's code. */
export function paymentWords(reason: string): Words {
  const known = hasRefusal(`payment.${reason}.title`) ? reason : 'unknown';
  return { title: refusal(`payment.${known}.title`), text: refusal(`payment.${known}.text`) };
}

/** A refusal of identity: what was entered is wrong, say. */
export function identityText(because: string): string {
  return refusal(hasRefusal(`identity.${because}`) ? `identity.${because}` : 'identity.unknown');
}

/** A refusal of membership. */
export function membershipText(refused: string): string {
  const key = `membership.${refused.toLowerCase()}`;
  return refusal(hasRefusal(key) ? key : 'membership.unknown');
}

/** What a button says that lifts a refusal; undefined for ways of a newer release. */
export function liftText(lift: string): string | undefined {
  return lift !== 'waitUntil' && hasRefusal(`lift.${lift}`) ? refusal(`lift.${lift}`) : undefined;
}

function hasRefusal(key: string): boolean {
  return Object.hasOwn(spoken().refusalTexts, key);
}

/** Of a key that is there and takes no values. */
function refusal(key: string): string {
  return spoken().refusals(key as NoValues);
}

/** When time alone lifts a refusal. */
export function waitUntil(date: string): string {
  return spoken().refusals('lift.waitUntil', { date });
}

type NoValues = 'because.unknown.title';
