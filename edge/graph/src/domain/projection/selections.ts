import { isAbstractType, isObjectType, Kind } from 'graphql';
import type { FieldNode, FragmentDefinitionNode, GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema, SelectionSetNode } from 'graphql';

export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/**
 * The fields that an object of the type answers with, by response key in the order of the answer: CollectFields of the GraphQL specification (section
 * 6.3.2), once per operation and not per request. Conditions are decided before. For an interface: what all objects of it answer with, or null when that
 * depends on which one it is.
 */
export function collectFields(
  schema: GraphQLSchema,
  fragments: Fragments,
  type: GraphQLObjectType | GraphQLInterfaceType,
  sets: readonly SelectionSetNode[],
): Map<string, FieldNode[]> | null {
  const fields = new Map<string, FieldNode[]>();
  return sets.every(collect) ? fields : null;

  // Validation has refused fragments that spread themselves, so this ends.
  function collect(set: SelectionSetNode): boolean {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        if (selection.name.value === '__typename' && !isObjectType(type)) return false;
        const key = selection.alias?.value ?? selection.name.value;
        const there = fields.get(key);
        if (there === undefined) fields.set(key, [selection]);
        else there.push(selection);
        continue;
      }
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
      if (fragment === undefined) continue;
      if (isMet(fragment.typeCondition?.name.value)) {
        if (!collect(fragment.selectionSet)) return false;
      } else if (!isObjectType(type)) return false;
    }
    return true;
  }

  function isMet(condition: string | undefined): boolean {
    if (condition === undefined || condition === type.name) return true;
    const abstract = schema.getType(condition);
    return isAbstractType(abstract) && schema.isSubType(abstract, type);
  }
}
