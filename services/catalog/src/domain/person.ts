/** What happened to a person; the stream of these is the person. */
export type PersonEvent = ({ readonly type: 'person.put' } & PersonNames) | { readonly type: 'person.removed'; readonly personId: string };

export type PersonNames = {
  readonly name: string;
  /** Other spellings and scripts. */
  readonly otherNames: readonly string[];
};
export type PersonRecord = PersonNames & { readonly id: string; readonly version: number; readonly removed: boolean };

export function foldPerson(id: string, record: PersonRecord | null, event: PersonEvent): PersonRecord {
  const version = (record?.version ?? 0) + 1;
  switch (event.type) {
    case 'person.put':
      return { id, version, name: event.name, otherNames: event.otherNames, removed: false };
    case 'person.removed':
      if (record === null) throw new TypeError(`person ${id} begins with ${event.type}`);
      return { ...record, version, removed: true };
    default:
      return event satisfies never;
  }
}

export type PersonDecision =
  | { readonly kind: 'events'; readonly events: readonly PersonEvent[] }
  | { readonly kind: 'refused'; readonly because: 'unknown' | 'removed' };

export function decidePutPerson(record: PersonRecord | null, names: PersonNames): PersonDecision {
  if (record?.removed === true) return { kind: 'refused', because: 'removed' };
  const same = record?.name === names.name && JSON.stringify(record.otherNames) === JSON.stringify(names.otherNames);
  return { kind: 'events', events: same ? [] : [{ type: 'person.put', ...names }] };
}

/** Removing twice is the same as removing once. */
export function decideRemovePerson(record: PersonRecord | null): PersonDecision {
  if (record === null) return { kind: 'refused', because: 'unknown' };
  return { kind: 'events', events: record.removed ? [] : [{ type: 'person.removed', personId: record.id }] };
}
