export { englishTexts } from './english.ts';
export { flattenTexts } from './flatten.ts';
export type { Texts, TextTree } from './flatten.ts';
export { formatTexts } from './format-text.ts';
export type { FormatText } from './format-text.ts';
export type { RefusalsTexts, TextValues, WebTexts } from './keys.ts';
export {
  BUNDLES,
  chooseLanguage,
  directionOf,
  fallbacksOf,
  isBundle,
  isLanguageTag,
  LANGUAGES,
  languageOf,
  LAST_LANGUAGE,
  parseAcceptLanguage,
} from './languages.ts';
export type { Bundle, Language } from './languages.ts';
export { formatMessage, parseMessage, placeholdersOf } from './message.ts';
export type { Message, MessagePart, MessageValue, MessageValues } from './message.ts';
export * from './strings_pb.ts';
