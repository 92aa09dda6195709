import { fallbacksOf, type Texts } from '../../contract/index.ts';

/** What an operator said about one text. An empty text takes earlier words back. */
export type TextSet = {
  readonly language: string;
  readonly key: string;
  readonly text: string;
  readonly why: string;
  readonly madeBy: string;
};

/** By language. */
export type TextsByLanguage = ReadonlyMap<string, Texts>;

/** What operators want said instead, after all their changes in order. */
export function ownWords(changes: readonly TextSet[]): TextsByLanguage {
  const byLanguage = new Map<string, Record<string, string>>();
  for (const { language, key, text } of changes) {
    const texts = byLanguage.get(language) ?? {};
    if (text === '') delete texts[key];
    else texts[key] = text;
    byLanguage.set(language, texts);
  }
  return new Map([...byLanguage].filter(([, texts]) => Object.keys(texts).length > 0));
}

/**
 * Every key of the English texts in a language: for `de-AT` the operators' words for Austria, then those for German, then the German that Bioscope came
 * with, then English. Operators' words for a language go before the shipped ones of that language only.
 */
export function textsInForce({ shipped, own, language }: { shipped: TextsByLanguage; own: TextsByLanguage; language: string }): Texts {
  const layers = fallbacksOf(language)
    .flatMap((tag) => [own.get(tag), shipped.get(tag)])
    .filter((texts) => texts !== undefined);
  const keys = Object.keys(shipped.get('en') ?? {});
  return Object.fromEntries(keys.map((key) => [key, layers.find((texts) => texts[key] !== undefined)?.[key] ?? key]));
}
