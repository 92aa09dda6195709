/** A query or a name is read up to here. */
const CHARACTERS_MAX = 200;
/** Of a query; a longer one finds nothing anyway. */
export const WORDS_MAX = 12;

/**
 * The words of a text in the form in which they are compared: without case, accents, Arabic vowel signs and Hindi nukta, with one form of letters that
 * people mix up, and with ASCII digits. Words are what consists of letters, their marks and digits (Unicode categories L, M, N).
 */
export function wordsOf(text: string): string[] {
  const plain = plainText(text.slice(0, CHARACTERS_MAX));
  return plain.match(/[\p{L}\p{M}\p{N}]+/gu)?.flatMap(wordForms) ?? [];
}

function plainText(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(APOSTROPHES, '')
    .replace(DROPPED, '')
    .normalize('NFC')
    .replace(MIXED_UP, (letter) => ONE_FORM[letter] ?? letter)
    .replace(/\p{Nd}/gu, digit);
}

/** "L'été" and "Ocean's" are searched without. */
const APOSTROPHES = /['’ʼ]/gu;
/** Accents of Latin, Greek and Cyrillic; Arabic vowel signs, tatweel and small alef; Hindi nukta; joiners that are not seen. */
// oxlint-disable-next-line no-misleading-character-class -- single marks are meant
const DROPPED = /[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u0640\u06d6-\u06ed\u093c\u200b-\u200f\u2060\ufeff]/gu;

/** Letters that one keyboard has, or one writer uses, for another's. */
const ONE_FORM: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  أ: 'ا',
  إ: 'ا',
  آ: 'ا',
  ٱ: 'ا',
  ى: 'ي',
  ی: 'ي',
  ئ: 'ي',
  ؤ: 'و',
  ة: 'ه',
  ک: 'ك',
  // Chandrabindu is often typed as anusvara.
  'ँ': 'ं',
};
const MIXED_UP = new RegExp(`[${Object.keys(ONE_FORM).join('')}]`, 'gu');

/** Decimal digits of every script stand in rows of ten that begin at a multiple of their zero; `\p{Nd}` promises ten in a row. */
function digit(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  let zero = code;
  while (zero > code - 9 && /^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String((code - zero) % 10);
}

/** The Arabic article is written with the word, and left out by whoever searches. */
function wordForms(word: string): string[] {
  return /^ال.{3,}$/u.test(word) ? [word.slice(2)] : [word];
}
