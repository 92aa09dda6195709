import type { Texts } from './flatten.ts';
import type { TextValues } from './keys.ts';
import { formatMessage, parseMessage, type Message, type MessageValues } from './message.ts';

/** Says a text of a bundle by its key. Values are those that the English text names; the compiler knows them. */
export type FormatText<T> = <K extends keyof T & string>(key: K, ...values: TextValues<T[K]>) => string;

/**
 * `T` is the type of the bundle (`WebTexts`), `locale` the one whose plurals, digits and number forms are used. A key that is not there is
 * answered with itself, and a text that cannot be parsed as it stands: a page with one odd word is better than none.
 */
export function formatTexts<T>(texts: Texts, locale: string): FormatText<T> {
  const messages = new Map<string, Message>();
  return (key, ...values) => {
    const text = texts[key];
    if (text === undefined) return key;
    let message = messages.get(key);
    if (message === undefined) {
      message = parsed(text);
      messages.set(key, message);
    }
    const given: MessageValues = values[0] ?? {};
    return formatMessage(message, given, locale);
  };
}

function parsed(text: string): Message {
  try {
    return parseMessage(text);
  } catch {
    return [{ kind: 'text', text }];
  }
}
