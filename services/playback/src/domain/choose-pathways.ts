import type { PathwayBase } from './manifest/presentation.ts';

/** Players try pathways one by one; a fourth server helps nobody, and each makes every manifest longer. */
export const PATHWAYS_MAX = 4;

/**
 * Those that can serve now come first, in the order given; the others follow, so that a session can be steered to them once they can.
 * Empty when none can serve now.
 */
export function choosePathways(ranked: readonly (PathwayBase & { readonly usable: boolean })[]): readonly PathwayBase[] {
  const usable = ranked.filter((pathway) => pathway.usable);
  if (usable.length === 0) return [];
  const others = ranked.filter((pathway) => !pathway.usable);
  return [...usable, ...others].slice(0, PATHWAYS_MAX).map(({ id, baseUrl }) => ({ id, baseUrl }));
}
