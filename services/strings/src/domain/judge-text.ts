import { languageOf, isLanguageTag, parseMessage, placeholdersOf, type Message, type Texts } from '../../contract/index.ts';

const TEXT_CHARACTERS_MAX = 2_000;
const WHY_CHARACTERS_MAX = 500;

/** What is wrong with other words for a text; empty when they may be used. `english` is the bundle as it came. */
export function problemsOfText(
  wish: { readonly language: string; readonly key: string; readonly text: string; readonly why: string },
  english: Texts,
): string[] {
  const { language, key, text, why } = wish;
  const problems: string[] = [];
  if (!isLanguageTag(language) || languageOf(language) === undefined)
    problems.push(
      `language is ${JSON.stringify(language.slice(0, 40))}; one that Bioscope speaks is wanted, or a regional form of it such as de-AT`,
    );
  const original = Object.hasOwn(english, key) ? english[key] : undefined;
  if (original === undefined) problems.push(`key is ${JSON.stringify(key.slice(0, 80))}; there is no such text in this bundle`);
  if (why.trim() === '') problems.push('why is empty; whoever finds the change later wants to know');
  if (why.length > WHY_CHARACTERS_MAX) problems.push(`why has ${why.length} characters; at most ${WHY_CHARACTERS_MAX} are kept`);
  if (text.length > TEXT_CHARACTERS_MAX) problems.push(`text has ${text.length} characters; at most ${TEXT_CHARACTERS_MAX} are kept`);
  if (problems.length > 0 || original === undefined || text === '') return problems;
  return problemsOfMessage({ text, original, language });
}

/** Placeholders that the original does not have would never be filled, and a plural without a form of the language would be wrong for some numbers. */
export function problemsOfMessage({ text, original, language }: { text: string; original: string; language: string }): string[] {
  let message: Message;
  try {
    message = parseMessage(text);
  } catch (cause) {
    return [`text cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`];
  }
  const known = placeholdersOf(parseMessage(original));
  const unknown = placeholdersOf(message).filter((name) => !known.includes(name));
  const problems = unknown.map((name) => `text has {${name}}; there is ${known.map((each) => `{${each}}`).join(', ') || 'no placeholder'}`);
  for (const part of message) {
    if (part.kind !== 'plural') continue;
    const missing = new Intl.PluralRules(language).resolvedOptions().pluralCategories.filter((form) => !part.forms.has(form));
    if (missing.length > 0) problems.push(`the plural of {${part.name}} has no form for ${missing.join(', ')}`);
  }
  return problems;
}
