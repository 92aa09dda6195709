/** Values by wire-form name, found by bytes in a packet without making a string or any other garbage. */
export type NameTable<T> = {
  set(name: Uint8Array, value: T): void;
  /** The name is `bytes` from `start` to `end`, lower case, root label included. */
  find(bytes: Uint8Array, start: number, end: number): T | undefined;
  values(): T[];
};

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

export function createNameTable<T>(): NameTable<T> {
  let slots: (Entry<T> | undefined)[] = Array.from({ length: 16 });
  const entries: Entry<T>[] = [];

  function grow(): void {
    slots = Array.from({ length: slots.length * 2 });
    for (const entry of entries) slots[freeSlot(entry.hash)] = entry;
  }
  function freeSlot(hash: number): number {
    let slot = hash & (slots.length - 1);
    while (slots[slot] !== undefined) slot = (slot + 1) & (slots.length - 1);
    return slot;
  }
  function entryOf(bytes: Uint8Array, start: number, end: number): Entry<T> | undefined {
    const hash = hashOf(bytes, start, end);
    // At most half of the slots are taken, so there is always an empty one to stop at.
    for (let slot = hash & (slots.length - 1); ; slot = (slot + 1) & (slots.length - 1)) {
      const entry = slots[slot];
      if (entry === undefined || (entry.hash === hash && isSame(entry.name, bytes, start, end))) return entry;
    }
  }
  return {
    set(name, value) {
      const known = entryOf(name, 0, name.length);
      if (known !== undefined) {
        known.value = value;
        return;
      }
      if ((entries.length + 1) * 2 > slots.length) grow();
      const entry = { name: Uint8Array.from(name), hash: hashOf(name, 0, name.length), value };
      entries.push(entry);
      slots[freeSlot(entry.hash)] = entry;
    },
    find: (bytes, start, end) => entryOf(bytes, start, end)?.value,
    values: () => entries.map((entry) => entry.value),
  };
}

/** FNV-1a, 32 bits. The names in the table are the operator's, so nobody can fill one slot with collisions. */
export function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = FNV_OFFSET;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), FNV_PRIME);
  return hash >>> 0;
}

type Entry<T> = { readonly name: Uint8Array; readonly hash: number; value: T };

function isSame(name: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let at = 0; at < name.length; at += 1) if (name[at] !== bytes[start + at]) return false;
  return true;
}
