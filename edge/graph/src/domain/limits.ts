import { Kind } from 'graphql';
import type { DocumentNode, FragmentDefinitionNode, SelectionSetNode } from 'graphql';

export type Refused = { readonly code: string; readonly message: string };

/** The deepest operation of an app has some 12 levels; introspection by common tools has 13. */
const DEPTH_MAX = 20;
/** A home page asks for some 60 fields; a fragment counts each time that it is spread. */
const FIELDS_MAX = 2_000;
/** The same field under many names multiplies work; a page has some ten rows. */
const ALIASES_MAX = 100;
const DIRECTIVES_MAX = 200;
/** Fields and fragments together; also ends fragments that spread themselves, which validation refuses later. */
const NESTING_MAX = 60;

/** Whether an operation is of a size that apps have; to be asked before validation, whose cost grows faster than the operation. */
export function checkLimits(document: DocumentNode): Refused | undefined {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const seen = { fields: 0, aliases: 0, directives: 0 };
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const refused = checkSet(definition.selectionSet, { depth: 1, nesting: 1 }, fragments, seen);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

type Seen = { fields: number; aliases: number; directives: number };

function checkSet(
  set: SelectionSetNode,
  { depth, nesting }: { readonly depth: number; readonly nesting: number },
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  seen: Seen,
): Refused | undefined {
  if (depth > DEPTH_MAX || nesting > NESTING_MAX) return tooLarge(`is nested more than ${DEPTH_MAX} levels deep`);
  for (const selection of set.selections) {
    seen.directives += selection.directives?.length ?? 0;
    if (selection.kind === Kind.FIELD) {
      seen.fields += 1;
      const alias = selection.alias?.value;
      if (alias !== undefined) seen.aliases += 1;
      // `__typename` and `__proto__` mean something to those who handle replies.
      if (alias?.startsWith('__') === true) return { code: 'ALIAS_RESERVED', message: `the alias ${alias} begins with two underscores` };
    }
    if (seen.fields > FIELDS_MAX) return tooLarge(`asks for more than ${FIELDS_MAX} fields`);
    if (seen.aliases > ALIASES_MAX) return tooLarge(`has more than ${ALIASES_MAX} aliases`);
    if (seen.directives > DIRECTIVES_MAX) return tooLarge(`has more than ${DIRECTIVES_MAX} directives`);
    const below = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value)?.selectionSet : selection.selectionSet;
    if (below === undefined) continue;
    const place = { depth: selection.kind === Kind.FIELD ? depth + 1 : depth, nesting: nesting + 1 };
    const refused = checkSet(below, place, fragments, seen);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

function tooLarge(how: string): Refused {
  return { code: 'OPERATION_TOO_LARGE', message: `the operation ${how}` };
}
