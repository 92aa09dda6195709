import { LIMITS } from './limits.ts';
import { KvFault, type EventData, type ItemWrite, type PageRequest, type Selection, type WriteToken } from './port.ts';

// What every engine refuses before it does anything, in the same words.

const NAMESPACE = /^[a-z][a-z0-9_]{0,47}$/;
const NONCE = /^[0-9a-f]{32}$/;

export function checkNamespace(namespace: string): void {
  if (!NAMESPACE.test(namespace)) throw bad(`namespace ${shown(namespace)} must match ${NAMESPACE.source}`);
}

/** Record ids, register and lease names, stream and command ids, holders. */
export function checkName(what: string, name: string): void {
  // A lone surrogate has no UTF-8 form: two different names would become the same bytes.
  if (typeof name !== 'string' || !name.isWellFormed()) throw bad(`${what} must be well-formed text`);
  // At most three bytes per code unit: short names need no counting.
  const bytes = name.length * 3 <= LIMITS.nameBytesMax ? name.length : Buffer.byteLength(name);
  if (bytes < 1 || bytes > LIMITS.nameBytesMax) throw bad(`${what} must have 1 to ${LIMITS.nameBytesMax} UTF-8 bytes, not ${bytes}`);
}

export function checkToken(token: WriteToken, nowMs: number): void {
  if (!Number.isSafeInteger(token.timeUs) || token.timeUs < 0)
    throw bad('token.timeUs must be a whole number of microseconds since the epoch');
  if (!NONCE.test(token.nonce)) throw bad('token.nonce must be 32 lower-case hexadecimal digits');
  if (token.timeUs / 1000 > nowMs + LIMITS.tokenAheadMsMax) {
    throw bad("token.timeUs lies more than a day ahead of the store's clock; set the writer's clock right");
  }
}

function checkKey(key: Uint8Array): void {
  if (!(key instanceof Uint8Array)) throw bad('a key must be a Uint8Array');
  if (key.length > LIMITS.keyBytesMax) throw bad(`a key must have at most ${LIMITS.keyBytesMax} bytes, not ${key.length}`);
}

/** Returns the bytes of all keys and values. */
export function checkItems(items: readonly ItemWrite[]): number {
  if (items.length < 1) throw bad('a put needs at least one item');
  if (items.length > LIMITS.itemsPerPutMax) throw tooLarge(`a put has at most ${LIMITS.itemsPerPutMax} items, not ${items.length}`);
  let bytes = 0;
  for (const { key, value, ttlMs } of items) {
    checkKey(key);
    checkValue('an item', value, LIMITS.valueBytesMax);
    if (ttlMs !== undefined) checkWhole('ttlMs', ttlMs, 1, LIMITS.ttlMsMax);
    bytes += key.length + value.length;
  }
  if (bytes > LIMITS.putBytesMax)
    throw tooLarge(`a put has at most ${LIMITS.putBytesMax} bytes of keys and values, not ${bytes}; split it`);
  if (items.length > 1) checkNoKeyTwice(items);
  return bytes;
}

function checkNoKeyTwice(items: readonly ItemWrite[]): void {
  const seen = new Set<string>();
  for (const { key } of items) seen.add(Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1'));
  if (seen.size < items.length) throw bad('a put names one key twice: which value should stay?');
}

export function checkSelection(select: Selection): void {
  if (select.kind === 'keys') {
    if (select.keys.length > LIMITS.keysPerSelectionMax)
      throw tooLarge(`a selection has at most ${LIMITS.keysPerSelectionMax} keys, not ${select.keys.length}`);
    select.keys.forEach(checkKey);
  }
  if (select.kind === 'range') {
    if (select.from !== undefined) checkKey(select.from);
    if (select.to !== undefined) checkKey(select.to);
  }
}

export function checkPage(page: PageRequest | undefined): { bytesMax: number; itemsMax: number } {
  const bytesMax = page?.bytesMax ?? LIMITS.pageBytesDefault;
  const itemsMax = page?.itemsMax ?? LIMITS.pageItemsDefault;
  checkWhole('page.bytesMax', bytesMax, 1, LIMITS.pageBytesMax);
  checkWhole('page.itemsMax', itemsMax, 1, LIMITS.pageItemsMax);
  return { bytesMax, itemsMax };
}

export function checkValue(what: string, value: Uint8Array, bytesMax: number): void {
  if (!(value instanceof Uint8Array)) throw bad(`the value of ${what} must be a Uint8Array`);
  if (value.length > bytesMax) throw tooLarge(`the value of ${what} has at most ${bytesMax} bytes, not ${value.length}`);
}

export function checkEvents(events: readonly EventData[]): number {
  if (events.length < 1) throw bad('an append needs at least one event');
  if (events.length > LIMITS.eventsPerAppendMax)
    throw tooLarge(`an append has at most ${LIMITS.eventsPerAppendMax} events, not ${events.length}`);
  let bytes = 0;
  for (const { type, data } of events) {
    checkName('an event type', type);
    checkValue('an event', data, LIMITS.eventBytesMax);
    bytes += type.length + data.length;
  }
  if (bytes > LIMITS.appendBytesMax) throw tooLarge(`an append has at most ${LIMITS.appendBytesMax} bytes, not ${bytes}; split it`);
  return bytes;
}

export function checkWhole(what: string, value: number, min: number, max: number): void {
  if (!Number.isSafeInteger(value) || value < min || value > max)
    throw bad(`${what} must be a whole number from ${min} to ${max}, not ${value}`);
}

export function bad(message: string): KvFault {
  return new KvFault('KV_BAD_REQUEST', message);
}

function tooLarge(message: string): KvFault {
  return new KvFault('KV_TOO_LARGE', message);
}

function shown(value: unknown): string {
  return JSON.stringify(String(value).slice(0, 80));
}
