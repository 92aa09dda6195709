import type { Item, KvStore, WriteToken } from '../port.ts';
import { bytes, utf8 } from '../text.ts';

/** A token at a moment near the start of the epoch, so that a check decides the order itself. */
export function tokenAt(timeUs: number, nonce = '0'): WriteToken {
  return { timeUs, nonce: nonce.padStart(32, '0') };
}

/** Puts texts by key. */
export function putTexts(
  store: KvStore,
  namespace: string,
  record: string,
  texts: Readonly<Record<string, string>>,
  token: WriteToken,
): Promise<void> {
  const items = Object.entries(texts).map(([key, value]) => ({ key: bytes(key), value: bytes(value) }));
  return store.items.put({ namespace, record, items, token });
}

/** Everything in a record as texts. */
export async function texts(store: KvStore, namespace: string, record: string): Promise<Record<string, string>> {
  const { items } = await store.items.get({ namespace, record });
  return Object.fromEntries(items.map(({ key, value }) => [utf8(key), utf8(value)]));
}

export function keysOf(items: readonly Item[]): string[] {
  return items.map(({ key }) => Buffer.from(key).toString('hex'));
}

/** Names that have broken stores: separators, NUL, quotes, SQL, paths, right-to-left, beyond the basic plane, the longest. */
export const HOSTILE_NAMES: readonly string[] = [
  ' ',
  '/',
  '..',
  'a/../b',
  "'; DROP TABLE items; --",
  '"',
  '\\',
  '%',
  '%00',
  '_',
  '*',
  'a\u0000b',
  'a\u0000',
  'a',
  'A',
  '\u00e9',
  'e\u0301',
  '\u202e',
  '\u{1f3ac}',
  '__proto__',
  'constructor',
  'null',
  '0',
  '-1',
  '\n',
  'x'.repeat(512),
  '\u{1f3ac}'.repeat(128),
];
