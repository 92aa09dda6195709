import { Kind } from 'graphql';
import type { DocumentNode } from 'graphql';

/** Whether an object that says it is a `typename` meets a condition on the type `condition`: its own name, or an interface or union that it belongs to. */
export type MeetsType = (typename: string, condition: string) => boolean;

/** Read from the supergraph, which also knows what is hidden from clients. */
export function typeConditions(supergraph: DocumentNode): MeetsType {
  const abstractsOf = new Map<string, Set<string>>();
  const note = (member: string, abstract: string): void => {
    const known = abstractsOf.get(member);
    if (known === undefined) abstractsOf.set(member, new Set([abstract]));
    else known.add(abstract);
  };
  for (const definition of supergraph.definitions) {
    if (definition.kind === Kind.UNION_TYPE_DEFINITION)
      for (const member of definition.types ?? []) note(member.name.value, definition.name.value);
    if (definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION)
      for (const implemented of definition.interfaces ?? []) note(definition.name.value, implemented.name.value);
  }
  return (typename, condition) => typename === condition || abstractsOf.get(typename)?.has(condition) === true;
}
