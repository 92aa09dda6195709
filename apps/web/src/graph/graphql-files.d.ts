declare module '*.graphql' {
  /** The SHA-256 of the document, under which the graph knows it (persist-operations.ts). */
  const documentId: string;
  export default documentId;
}
