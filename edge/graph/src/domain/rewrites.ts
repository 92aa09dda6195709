import type { FetchNodePathSegment, FetchRewrite } from '@graphql-hive/router-query-planner';

import { isData, type Data } from './data.ts';
import type { MeetsType } from './type-conditions.ts';

/** Changes data in place as a plan says: names that two types would fight over, and types that a service knows under the name of their interface. */
export function compileRewrites(rewrites: readonly FetchRewrite[] | undefined, meets: MeetsType): ((data: Data) => void) | undefined {
  if (rewrites === undefined || rewrites.length === 0) return undefined;
  const all = rewrites.map((rewrite) => compileRewrite(rewrite, meets));
  return (data) => {
    for (const apply of all) apply(data);
  };
}

function compileRewrite(rewrite: FetchRewrite, meets: MeetsType): (data: Data) => void {
  if ('KeyRenamer' in rewrite) {
    const { path, renameKeyTo } = rewrite.KeyRenamer;
    return at(path, meets, (object, key) => {
      if (!(key in object)) return;
      object[renameKeyTo] = object[key];
      delete object[key];
    });
  }
  const { path, setValueTo } = 'ValueSetter' in rewrite ? rewrite.ValueSetter : rewrite;
  return at(path, meets, (object, key) => {
    object[key] = setValueTo;
  });
}

/** Calls back with each object that the path leads to and the path's last key. */
function at(path: readonly FetchNodePathSegment[], meets: MeetsType, change: (object: Data, key: string) => void): (data: Data) => void {
  const last = path.at(-1);
  if (last === undefined || !('Key' in last))
    throw new TypeError(`a plan rewrites a path that ends without a key: ${JSON.stringify(path)}`);
  const walk = (value: unknown, index: number): void => {
    if (Array.isArray(value)) {
      for (const item of value) walk(item, index);
      return;
    }
    const segment = path[index];
    if (!isData(value) || segment === undefined) return;
    if ('TypenameEquals' in segment) {
      const typename = value['__typename'];
      if (typeof typename !== 'string' || segment.TypenameEquals.some((condition) => meets(typename, condition))) walk(value, index + 1);
    } else if (index === path.length - 1) change(value, segment.Key);
    else walk(value[segment.Key], index + 1);
  };
  return (data) => walk(data, 0);
}
