/**
 * Large objects. Keys are 1 to 900 characters of `[A-Za-z0-9._/-]`, without `..`, `//`, a `.` between slashes (URL parsers drop it),
 * or a slash at either end. An object is never seen half-written; it is durable when `put` or `complete` resolves. Rejects with `BlobFault`.
 */
export type BlobStore = {
  /** Streams the body in. `ifAbsent`: refuse when the key exists. `sha256` (hex): refuse a body that differs. */
  put(key: string, body: BlobBody, options?: { ifAbsent?: boolean; sha256?: string; signal?: AbortSignal }): Promise<BlobPut>;
  /** `range` end is exclusive. Null when there is no such object. */
  get(key: string, options?: { range?: { start: number; end?: number }; signal?: AbortSignal }): Promise<BlobRead | null>;
  head(key: string): Promise<BlobInfo | null>;
  /** Deleting what is not there is no error. */
  delete(key: string): Promise<void>;
  /** In byte order of the keys. */
  list(request: { prefix: string; cursor?: string; keysMax?: number }): Promise<{ objects: readonly BlobInfo[]; cursor: string | null }>;
  /** Parts 1 to 10 000, in any order and in parallel; a part sent again replaces the earlier one. */
  startMultipart(key: string): Promise<{ uploadId: string }>;
  putPart(request: { key: string; uploadId: string; part: number; body: BlobBody }): Promise<{ etag: string; bytes: number }>;
  listParts(request: { key: string; uploadId: string }): Promise<readonly { part: number; etag: string; bytes: number }[]>;
  completeMultipart(request: { key: string; uploadId: string; parts: readonly { part: number; etag: string }[] }): Promise<BlobPut>;
  abortMultipart(request: { key: string; uploadId: string }): Promise<void>;
  /** A URL path and query that grants one method on one key until the expiry; checked with `verifyPresigned`. */
  presign(request: { key: string; method: 'GET' | 'PUT'; expiresAtMs: number }): Promise<string>;
  /** A local path of the object's bytes for programs that need a file: for this process and its children, read-only, released with `using`. */
  localCopy(key: string): Promise<({ readonly path: string } & AsyncDisposable) | null>;
};

export type BlobBody = Uint8Array | AsyncIterable<Uint8Array> | NodeJS.ReadableStream;
export type BlobInfo = { readonly key: string; readonly bytes: number; readonly etag: string; readonly modifiedAtMs: number };
export type BlobRead = BlobInfo & {
  readonly range: { readonly start: number; readonly end: number };
  readonly body: NodeJS.ReadableStream;
};
export type BlobPut =
  | { readonly kind: 'stored'; readonly etag: string; readonly bytes: number; readonly sha256: string }
  | { readonly kind: 'exists' };

export const BLOB_FAULTS = {
  BLOB_BAD_KEY: { side: 'us', retry: false },
  BLOB_CHECKSUM: { side: 'us', retry: true },
  BLOB_RANGE: { side: 'us', retry: false },
  BLOB_NO_SPACE: { side: 'dependency', retry: true },
  BLOB_UNKNOWN_UPLOAD: { side: 'us', retry: false },
  BLOB_UNAVAILABLE: { side: 'dependency', retry: true },
} as const;
export type BlobFaultCode = keyof typeof BLOB_FAULTS;

export class BlobFault extends Error {
  readonly code: BlobFaultCode;
  constructor(code: BlobFaultCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'BlobFault';
    this.code = code;
  }
}
