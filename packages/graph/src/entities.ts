import { GraphQLError } from 'graphql';
import type { GraphQLResolveInfo } from 'graphql';

import type { ResolverMap } from './subgraph-schema.ts';

type ResolveReference = (reference: object, context: unknown, info: GraphQLResolveInfo) => unknown;

/**
 * The resolver of `_entities`: every representation goes to its type's `__resolveReference`, all in one tick, so that a loader behind it sees the whole
 * batch; the answers keep the order of the questions. A type without that resolver answers with what was asked. Unknown keys are null, a
 * rejected one is an error at its place, and neither touches its neighbours.
 */
export function resolveEntities(
  names: ReadonlySet<string>,
  resolvers: ResolverMap,
): (representations: readonly unknown[], context: unknown, info: GraphQLResolveInfo) => unknown[] {
  return (representations, context, info) =>
    representations.map((representation) => {
      const name = typenameOf(representation);
      if (name === undefined || !names.has(name) || typeof representation !== 'object' || representation === null)
        return new GraphQLError(`there is no entity ${JSON.stringify(name ?? null)} here`, { extensions: { code: 'UNKNOWN_ENTITY' } });
      return resolveOne(resolvers[name], name, representation, context, info);
    });
}

function resolveOne(entry: object | undefined, name: string, representation: object, context: unknown, info: GraphQLResolveInfo): unknown {
  const resolve = entry === undefined ? undefined : Reflect.get(entry, '__resolveReference');
  if (typeof resolve !== 'function') return representation;
  try {
    const found: unknown = (resolve as ResolveReference)(representation, context, info);
    return found instanceof Promise ? found.then((entity) => named(entity, name)) : named(found, name);
  } catch (fault) {
    return fault instanceof Error ? fault : new Error(String(fault));
  }
}

/** The type of entities that do not say it themselves, without touching them. */
const names = new WeakMap<object, string>();

function named(entity: unknown, name: string): unknown {
  if (typeof entity === 'object' && entity !== null && !('__typename' in entity)) names.set(entity, name);
  return entity ?? null;
}

export function typenameOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if ('__typename' in value && typeof value.__typename === 'string') return value.__typename;
  return names.get(value);
}
