import type { FetchNodePathSegment, FetchRewrite, KeyRenamer } from '@graphql-hive/router-query-planner';

import { isData, type Data } from './data.ts';
import type { ResponsePath } from './paths.ts';
import type { MeetsType } from './type-conditions.ts';

/** What a plan changes in what is sent or answered: names that two types would fight over, and types that a service knows under the name of their interface. */
export type Rewrites = {
  /** In place. */
  apply(data: Data): void;
  /** The path of an error as it is after the rewriting. */
  renamed(path: ResponsePath): ResponsePath;
};

export function compileRewrites(rewrites: readonly FetchRewrite[] | undefined, meets: MeetsType): Rewrites {
  if (rewrites === undefined || rewrites.length === 0) return NOTHING;
  const changes = rewrites.map((rewrite) => compileRewrite(rewrite, meets));
  const names = rewrites.flatMap((rewrite) => ('KeyRenamer' in rewrite ? [renamerOf(rewrite.KeyRenamer)] : []));
  return {
    apply(data) {
      for (const change of changes) change(data);
    },
    renamed: (path) => names.reduce((renamed, rename) => rename(renamed), path),
  };
}

const NOTHING: Rewrites = { apply: () => undefined, renamed: (path) => path };

/** An error names no types: the names that plans give away are theirs alone, so that the keys on the way tell enough. */
function renamerOf({ path, renameKeyTo }: KeyRenamer): (path: ResponsePath) => ResponsePath {
  const keys = path.flatMap((segment) => ('Key' in segment ? [segment.Key] : []));
  return (given) => {
    let at = 0;
    for (const [index, segment] of given.entries()) {
      if (typeof segment === 'number') continue;
      if (segment !== keys[at]) return given;
      at += 1;
      if (at === keys.length) return [...given.slice(0, index), renameKeyTo, ...given.slice(index + 1)];
    }
    return given;
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
