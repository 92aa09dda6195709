import { parse, validate } from 'graphql';
import type { DocumentNode, GraphQLError, GraphQLSchema } from 'graphql';

import { latestUsed } from './latest-used.ts';

/** The gateway sends one text per fetch of a plan: some hundred persisted operations of a few fetches each fit. */
const DOCUMENTS_MAX = 2_000;

export type ReadDocument =
  | { readonly kind: 'document'; readonly document: DocumentNode }
  | { readonly kind: 'refused'; readonly errors: readonly GraphQLError[] };

/** Parses and validates each text once. Refused texts are not kept: they cannot push out good ones. */
export function documentReader(schema: GraphQLSchema): (text: string) => ReadDocument {
  const known = latestUsed<string, ReadDocument>({ entriesMax: DOCUMENTS_MAX });
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const read = readDocument(schema, text);
    if (read.kind === 'document') known.set(text, read);
    return read;
  };
}

function readDocument(schema: GraphQLSchema, text: string): ReadDocument {
  let document: DocumentNode;
  try {
    document = parse(text, { noLocation: true });
  } catch (fault) {
    // graphql-js throws nothing but its own errors for text.
    return { kind: 'refused', errors: [fault as GraphQLError] };
  }
  const errors = validate(schema, document);
  return errors.length === 0 ? { kind: 'document', document } : { kind: 'refused', errors };
}
