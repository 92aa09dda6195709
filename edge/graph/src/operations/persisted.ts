import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** The operations that apps were built with, by the sha256 of their text. */
export type PersistedOperations = {
  byHash(sha256: string): string | undefined;
  has(text: string): boolean;
  readonly size: number;
};

/** Of one file; ten releases of three apps with some hundred operations each fit. */
const OPERATIONS_MAX = 10_000;

/** Reads files of the form `{"<sha256 in hexadecimal>": "<document>"}`. Rejects when one cannot be read, or a document is not the one that its hash names. */
export async function readPersisted(files: readonly string[]): Promise<PersistedOperations> {
  const operations = new Map<string, string>();
  for (const file of files) {
    try {
      for (const [sha256, text] of entriesOf(JSON.parse(await readFile(file, 'utf8')))) operations.set(sha256, text);
    } catch (cause) {
      throw new Error(`the persisted operations in ${file} cannot be used`, { cause });
    }
  }
  return persistedOperations(operations);
}

export function persistedOperations(operations: ReadonlyMap<string, string>): PersistedOperations {
  const texts = new Set(operations.values());
  return { byHash: (sha256) => operations.get(sha256), has: (text) => texts.has(text), size: operations.size };
}

function entriesOf(json: unknown): [string, string][] {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new TypeError('an object of documents by hash is wanted');
  const entries = Object.entries(json);
  if (entries.length > OPERATIONS_MAX) throw new TypeError(`there are ${entries.length} operations; at most ${OPERATIONS_MAX} are read`);
  return entries.map(([sha256, text]: [string, unknown]) => {
    if (typeof text !== 'string') throw new TypeError(`${sha256} names something that is no text`);
    const actual = createHash('sha256').update(text).digest('hex');
    if (actual !== sha256) throw new TypeError(`the document under ${sha256} has the hash ${actual}`);
    return [sha256, text];
  });
}
