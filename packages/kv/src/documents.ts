import type { Items, KvCallOptions, WriteToken } from './port.ts';
import { bytes, utf8 } from './text.ts';
import { newToken } from './token.ts';

/** JSON documents by key, all in one record: for hundreds or thousands that are listed together. Last writer wins; no uniqueness. */
export type Documents<T> = {
  put(key: string, document: T, options?: DocumentOptions): Promise<void>;
  get(key: string, options?: KvCallOptions): Promise<T | null>;
  /** One page in the byte order of the keys. */
  list(page?: { readonly itemsMax?: number; readonly cursor?: string }, options?: KvCallOptions): Promise<DocumentPage<T>>;
  delete(key: string, options?: { readonly token?: WriteToken } & KvCallOptions): Promise<void>;
};

/** A retry that must not overtake a later write sends the first attempt's token again. */
export type DocumentOptions = KvCallOptions & { readonly ttlMs?: number; readonly token?: WriteToken };
export type DocumentPage<T> = {
  readonly documents: readonly { readonly key: string; readonly document: T }[];
  readonly cursor: string | null;
};

/**
 * `parse` turns stored JSON into a `T` or throws; its error is passed on with the document's name, never swallowed. A document is at most
 * 16 MiB of JSON, a key 1 024 bytes of UTF-8.
 */
export function documents<T>(
  items: Items,
  {
    namespace,
    parse,
    record = 'documents',
    clock,
  }: { namespace: string; parse: (json: unknown) => T; record?: string; clock?: () => number },
): Documents<T> {
  const token = (): WriteToken => newToken(clock);

  function read(key: string, value: Uint8Array): T {
    try {
      return parse(JSON.parse(utf8(value)));
    } catch (cause) {
      throw new Error(`document ${JSON.stringify(key)} in ${namespace} cannot be read`, { cause });
    }
  }

  return {
    async put(key, document, options) {
      const item = { key: bytes(key), value: bytes(JSON.stringify(document)) };
      const withTtl = options?.ttlMs === undefined ? item : { ...item, ttlMs: options.ttlMs };
      await items.put({ namespace, record, items: [withTtl], token: options?.token ?? token() }, options);
    },
    async get(key, options) {
      const page = await items.get({ namespace, record, select: { kind: 'keys', keys: [bytes(key)] } }, options);
      const found = page.items[0];
      return found === undefined ? null : read(key, found.value);
    },
    async list(page = {}, options) {
      const found = await items.get({ namespace, record, page }, options);
      const documents = found.items.map(({ key, value }) => ({ key: utf8(key), document: read(utf8(key), value) }));
      return { documents, cursor: found.cursor };
    },
    async delete(key, options) {
      const select = { kind: 'keys', keys: [bytes(key)] } as const;
      await items.delete({ namespace, record, select, token: options?.token ?? token() }, options);
    },
  };
}
