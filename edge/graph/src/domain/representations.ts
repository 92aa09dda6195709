import type { RequiresSelection } from '@graphql-hive/router-query-planner';

import { isData, type Data } from './data.ts';
import type { MeetsType } from './type-conditions.ts';

/** What a service needs to know of an object to add to it: its type, its key, and what it requires of others. Undefined when that is not all there. */
export type Represent = (object: Data) => Data | undefined;

export function compileRepresentation(requires: readonly RequiresSelection[], meets: MeetsType): Represent {
  return (object) => {
    const representation: Data = {};
    const isWhole = add(representation, object, requires, meets);
    return isWhole && typeof representation['__typename'] === 'string' ? representation : undefined;
  };
}

function add(into: Data, object: Data, selections: readonly RequiresSelection[], meets: MeetsType): boolean {
  for (const selection of selections) {
    if (selection.kind === 'FragmentSpread') throw new TypeError(`a plan requires the fragment ${selection.value} without its text`);
    if (selection.kind === 'InlineFragment') {
      const typename = object['__typename'];
      if (typeof typename === 'string' && !meets(typename, selection.typeCondition)) continue;
      if (!add(into, object, selection.selections, meets)) return false;
      continue;
    }
    const value = required(object[selection.name], selection.selections, meets);
    if (value === undefined) return false;
    into[selection.alias ?? selection.name] = value;
  }
  return true;
}

function required(value: unknown, selections: readonly RequiresSelection[] | undefined, meets: MeetsType): unknown {
  if (value === undefined || value === null || selections === undefined || selections.length === 0) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => required(item, selections, meets));
    return items.includes(undefined) ? undefined : items;
  }
  if (!isData(value)) return value;
  const part: Data = {};
  return add(part, value, selections, meets) ? part : undefined;
}
