import type { FlattenNodePathSegment } from '@graphql-hive/router-query-planner';

import { isData, type Data } from './data.ts';
import type { MeetsType } from './type-conditions.ts';

export type ResponsePath = readonly (string | number)[];
export type Placed = { readonly object: Data; readonly path: ResponsePath };

/** Finds the objects that a plan's path leads to. Lists on the way are gone through; what is null or of another type is left out. */
export type FindTargets = {
  /** In the order of the answer. */
  targets(data: Data): Data[];
  /** The same objects in the same order, with the place of each in the answer. Only wanted for errors. */
  placed(data: Data): Placed[];
};

export function compilePath(segments: readonly FlattenNodePathSegment[], meets: MeetsType): FindTargets {
  return {
    targets(data) {
      const found: Data[] = [];
      walk(data, 0, undefined, (object) => found.push(object));
      return found;
    },
    placed(data) {
      const found: Placed[] = [];
      walk(data, 0, [], (object, path) => found.push({ object, path: path ?? [] }));
      return found;
    },
  };

  function walk(
    value: unknown,
    at: number,
    path: ResponsePath | undefined,
    told: (object: Data, path: ResponsePath | undefined) => void,
  ): void {
    if (Array.isArray(value)) {
      const next = segments[at] === '@' ? at + 1 : at;
      for (const [index, item] of value.entries()) walk(item, next, path === undefined ? undefined : [...path, index], told);
      return;
    }
    if (!isData(value)) return;
    const segment = segments[at];
    if (segment === undefined) told(value, path);
    else if (segment === '@') walk(value, at + 1, path, told);
    else if ('Field' in segment) walk(value[segment.Field], at + 1, path === undefined ? undefined : [...path, segment.Field], told);
    else if (isOneOf(value['__typename'], segment.TypeCondition, meets)) walk(value, at + 1, path, told);
  }
}

/** The part of a path that all its targets share: where to say that nothing came for any of them. */
export function commonPath(segments: readonly FlattenNodePathSegment[]): ResponsePath {
  const path: string[] = [];
  for (const segment of segments) {
    if (segment === '@') break;
    if ('Field' in segment) path.push(segment.Field);
  }
  return path;
}

function isOneOf(typename: unknown, conditions: readonly string[], meets: MeetsType): boolean {
  return typeof typename !== 'string' || conditions.some((condition) => meets(typename, condition));
}
