import { createHash } from 'node:crypto';

import { composeServices } from '@theguild/federation-composition';
import { GraphQLError, parse } from 'graphql';

export type Composed =
  | { readonly kind: 'composed'; readonly sdl: string; readonly sha256: string }
  | { readonly kind: 'refused'; readonly reasons: readonly string[] };

/** A bad schema can break every rule at each of its fields; who mends reads the first ones. */
const REASONS_MAX = 20;

/** One graph of all services' parts. The same parts make the same bytes, in whatever order they came. */
export function compose(parts: ReadonlyMap<string, string>): Composed {
  const services = [];
  for (const name of [...parts.keys()].sort()) {
    const sdl = parts.get(name) ?? '';
    try {
      services.push({ name, url: `bioscope:${name}`, typeDefs: parse(sdl) });
    } catch (fault) {
      return { kind: 'refused', reasons: [`the schema of ${name} cannot be read: ${wordsOf(fault)}`] };
    }
  }
  const result = composeServices(services);
  if (result.errors !== undefined) return { kind: 'refused', reasons: result.errors.slice(0, REASONS_MAX).map((error) => error.message) };
  return { kind: 'composed', sdl: result.supergraphSdl, sha256: createHash('sha256').update(result.supergraphSdl).digest('hex') };
}

function wordsOf(fault: unknown): string {
  if (!(fault instanceof GraphQLError)) return String(fault);
  const [place] = fault.locations ?? [];
  return place === undefined ? fault.message : `${fault.message} (line ${place.line}, column ${place.column})`;
}
