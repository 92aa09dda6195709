import { Kind, visit } from 'graphql';
import type { ConstDirectiveNode, DirectiveNode, DocumentNode, SelectionNode, SelectionSetNode } from 'graphql';

/** The variables on which `@skip` and `@include` depend. */
export function conditionVariables(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive(directive) {
      const value = conditionOf(directive)?.value;
      if (value?.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names].sort();
}

/**
 * The document that is left when all conditions are decided. Planned like this, nothing is fetched that is not asked for (and the planner, which loses its way among nested
 * conditions, sees none). Selection sets may become empty: an object of which nothing is asked is `{}`.
 */
export function decideConditions(document: DocumentNode, variables: Readonly<Record<string, unknown>>): DocumentNode {
  return visit(document, {
    SelectionSet(set) {
      return {
        ...set,
        selections: set.selections.flatMap((selection) => (isLeftOut(selection, variables) ? [] : [undirected(selection)])),
      };
    },
  });
}

/** The same with something to ask for everywhere, as the grammar wants it. */
export function withoutEmptySets(document: DocumentNode): DocumentNode {
  return visit(document, {
    SelectionSet: (set): SelectionSetNode | undefined => (set.selections.length === 0 ? { ...set, selections: [TYPENAME] } : undefined),
  });
}

const TYPENAME: SelectionNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

function isLeftOut(selection: SelectionNode, variables: Readonly<Record<string, unknown>>): boolean {
  return (selection.directives ?? []).some((directive) => {
    const condition = conditionOf(directive);
    if (condition === undefined) return false;
    const { value, wanted } = condition;
    const is = value.kind === Kind.VARIABLE ? variables[value.name.value] === true : value.kind === Kind.BOOLEAN && value.value;
    return is !== wanted;
  });
}

function undirected(selection: SelectionNode): SelectionNode {
  const directives = (selection.directives ?? []).filter((directive) => conditionOf(directive) === undefined);
  return directives.length === selection.directives?.length ? selection : { ...selection, directives };
}

function conditionOf(
  directive: DirectiveNode | ConstDirectiveNode,
): { readonly value: NonNullable<DirectiveNode['arguments']>[number]['value']; readonly wanted: boolean } | undefined {
  const name = directive.name.value;
  const value = directive.arguments?.find((argument) => argument.name.value === 'if')?.value;
  return value === undefined || (name !== 'skip' && name !== 'include') ? undefined : { value, wanted: name === 'include' };
}
