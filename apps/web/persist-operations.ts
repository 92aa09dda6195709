import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'vite';

/**
 * A Vite plugin: a `.graphql` file is imported as the SHA-256 of its text, and the build has an `operations.json` with the documents by their hashes, which
 * the graph runs for it (edge/graph/src/operations/persisted.ts). The documents themselves never get into the app.
 */
export function persistOperations(): Plugin {
  const documents = new Map<string, string>();
  return {
    name: 'bioscope-persist-operations',
    enforce: 'pre',
    async load(id) {
      if (!id.endsWith('.graphql')) return null;
      const document = await readFile(id, 'utf8');
      const documentId = createHash('sha256').update(document).digest('hex');
      documents.set(documentId, document);
      return `export default ${JSON.stringify(documentId)};`;
    },
    generateBundle() {
      const sorted = [...documents].sort(([one], [other]) => (one < other ? -1 : 1));
      this.emitFile({ type: 'asset', fileName: 'operations.json', source: JSON.stringify(Object.fromEntries(sorted)) });
    },
  };
}
