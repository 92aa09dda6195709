import { directionOf } from './languages.ts';

/**
 * A text with `{placeholders}` and plurals, the part of ICU MessageFormat that our texts need:
 *
 *     {count, plural, =0 {No films} one {# film} other {# films}}
 *
 * `#` is the number, formatted for the language. Forms are Intl.PluralRules categories (Unicode TR35) or exact numbers (`=0`), and may hold
 * placeholders. There is no quoting: braces are always syntax.
 */
export type Message = readonly MessagePart[];
export type MessagePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: 'plural'; readonly name: string; readonly forms: ReadonlyMap<string, Message> }
  /** The `#` of the plural around it. */
  | { readonly kind: 'count' };

export type MessageValue = string | number;
export type MessageValues = Readonly<Record<string, MessageValue>>;

/** A plural in a plural has no use in any language. */
const DEPTH_MAX = 1;

/** Throws a SyntaxError that says what is wrong and where. */
export function parseMessage(source: string): Message {
  const reader: Reader = { source, at: 0 };
  const message = readMessage(reader, 0);
  if (reader.at < source.length) throw wrong(reader, 'a brace is closed that was never opened');
  return message;
}

/** Names of the values that a message takes, each once. */
export function placeholdersOf(message: Message): string[] {
  const names = new Set<string>();
  for (const part of message) {
    if (part.kind === 'value' || part.kind === 'plural') names.add(part.name);
    if (part.kind === 'plural') for (const form of part.forms.values()) for (const name of placeholdersOf(form)) names.add(name);
  }
  return [...names];
}

/** A value that is missing is shown by its name: a mistake that is seen, not one that takes the page away. */
export function formatMessage(message: Message, values: MessageValues, locale: string): string {
  return write(message, values, locale, undefined);
}

function write(message: Message, values: MessageValues, locale: string, count: number | undefined): string {
  return message
    .map((part) => {
      switch (part.kind) {
        case 'text':
          return part.text;
        case 'value':
          return writeValue(values[part.name] ?? `{${part.name}}`, locale);
        case 'count':
          return count === undefined ? '#' : writeValue(count, locale);
        case 'plural': {
          const number = Number(values[part.name]);
          const category = Number.isNaN(number) ? 'other' : new Intl.PluralRules(locale).select(number);
          const form = part.forms.get(`=${number}`) ?? part.forms.get(category) ?? part.forms.get('other') ?? [];
          return write(form, values, locale, number);
        }
        default:
          return part satisfies never;
      }
    })
    .join('');
}

/** In right-to-left languages values are isolated, so that a Latin name with its punctuation stays in order (UAX 9, 2.7; FSI and PDI cannot be seen). */
function writeValue(value: MessageValue, locale: string): string {
  if (typeof value === 'number') return new Intl.NumberFormat(locale).format(value);
  return directionOf(locale) === 'rtl' ? `\u2068${value}\u2069` : value;
}

type Reader = { readonly source: string; at: number };

const NAME = /[A-Za-z][A-Za-z0-9]*/y;
const FORM = /=\d{1,9}|zero|one|two|few|many|other/y;
const SPACE = /\s*/y;

/** Up to the end, or to the brace that closes the form that it stands in. */
function readMessage(reader: Reader, depth: number): Message {
  const parts: MessagePart[] = [];
  let text = '';
  const flush = (): void => {
    if (text !== '') parts.push({ kind: 'text', text });
    text = '';
  };
  for (; reader.at < reader.source.length;) {
    const letter = reader.source[reader.at] ?? '';
    if (letter === '}') break;
    if (letter === '{') {
      flush();
      parts.push(readPlaceholder(reader, depth));
    } else if (letter === '#' && depth > 0) {
      flush();
      reader.at += 1;
      parts.push({ kind: 'count' });
    } else {
      text += letter;
      reader.at += 1;
    }
  }
  flush();
  return parts;
}

function readPlaceholder(reader: Reader, depth: number): MessagePart {
  expect(reader, '{');
  const name = read(reader, NAME, 'a name');
  if (take(reader, '}')) return { kind: 'value', name };
  expect(reader, ',');
  read(reader, /plural/y, '"plural"');
  expect(reader, ',');
  if (depth >= DEPTH_MAX) throw wrong(reader, 'a plural stands in a plural');
  const forms = new Map<string, Message>();
  while (!take(reader, '}')) {
    const form = read(reader, FORM, 'zero, one, two, few, many, other or =number');
    if (forms.has(form)) throw wrong(reader, `there are two forms for ${form}`);
    expect(reader, '{');
    forms.set(form, readMessage(reader, depth + 1));
    if (reader.source[reader.at] !== '}') throw wrong(reader, 'a form is not closed');
    reader.at += 1;
  }
  if (!forms.has('other')) throw wrong(reader, 'the form "other" is missing');
  return { kind: 'plural', name, forms };
}

function read(reader: Reader, pattern: RegExp, what: string): string {
  skipSpace(reader);
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.source)?.[0];
  if (found === undefined) throw wrong(reader, `${what} is wanted`);
  reader.at += found.length;
  return found;
}

function take(reader: Reader, letter: string): boolean {
  skipSpace(reader);
  if (reader.source[reader.at] !== letter) return false;
  reader.at += 1;
  return true;
}

function expect(reader: Reader, letter: string): void {
  if (!take(reader, letter)) throw wrong(reader, `"${letter}" is wanted`);
}

function skipSpace(reader: Reader): void {
  SPACE.lastIndex = reader.at;
  reader.at += SPACE.exec(reader.source)?.[0].length ?? 0;
}

function wrong({ source, at }: Reader, what: string): SyntaxError {
  return new SyntaxError(`${what} at character ${at + 1} of ${JSON.stringify(source)}`);
}
