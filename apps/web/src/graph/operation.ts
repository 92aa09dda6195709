/** A persisted operation of the graph: what it answers, and what it wants to know. */
export type Operation<Data, Variables extends object> = {
  readonly documentId: string;
  /** What the types are of; never there. */
  readonly of?: (variables: Variables) => Data;
};

/** `documentId` is what a `.graphql` file of this folder is imported as; the types are those of the document. */
export function operation<Data, Variables extends object = Readonly<Record<string, never>>>(
  documentId: string,
): Operation<Data, Variables> {
  return { documentId };
}
