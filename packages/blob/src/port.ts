/**
 * Large objects. Keys are 1 to 900 characters of `[A-Za-z0-9._/-]`, without `..`, `//`, a `.` between slashes (URL parsers drop it),
 * or a slash at either end, and with at most 200 characters between slashes. Any set of keys may exist side by side, also `a` and `a/b`.
 * An object is never seen half-written; it is durable when `put` or `completeMultipart` resolves. Rejects with `BlobFault`: after
 * `BLOB_UNAVAILABLE` whether the call took effect is not known, and every call may be made again.
 */
export type BlobStore = {
  /**
   * Streams the body in, and closes it when it is not read to its end. Its chunks may be kept until the call settles: they must not be
   * written over. `ifAbsent`: refuse when the key exists. `sha256` (hex): refuse a body that differs. `bytesExpected` lets an engine choose
   * the size of its pieces; it is needed above 150 GiB and binds nobody.
   */
  put(
    key: string,
    body: BlobBody,
    options?: { ifAbsent?: boolean; sha256?: string; bytesExpected?: number; signal?: AbortSignal },
  ): Promise<BlobPut>;
  /**
   * `range` end is exclusive. Null when there is no such object. The body is of one object: when another takes its key meanwhile or it is
   * deleted, the body goes on with the one it began or fails with `BLOB_REPLACED`. A body that is not read to its end must be destroyed.
   */
  get(key: string, options?: { range?: { start: number; end?: number }; signal?: AbortSignal }): Promise<BlobRead | null>;
  head(key: string): Promise<BlobInfo | null>;
  /** Deleting what is not there is no error. */
  delete(key: string): Promise<void>;
  /** In byte order of the keys. The cursor is the engine's own and stays good when objects come and go; a page may be empty and not be the last. */
  list(request: { prefix: string; cursor?: string; keysMax?: number }): Promise<{ objects: readonly BlobInfo[]; cursor: string | null }>;
  /** Parts 1 to 10 000, in any order and in parallel; a part sent again replaces the earlier one. Forgotten when nothing comes for a week. */
  startMultipart(key: string): Promise<{ uploadId: string }>;
  /** At most `PART_BYTES_MAX`. */
  putPart(request: { key: string; uploadId: string; part: number; body: BlobBody }): Promise<{ etag: string; bytes: number }>;
  listParts(request: { key: string; uploadId: string }): Promise<readonly { part: number; etag: string; bytes: number }[]>;
  /**
   * Joins the named parts, each but the last of at least `PART_BYTES_MIN` (`BLOB_RANGE` otherwise). Gives no checksum of the whole: whoever
   * needs one knows it from sending, or reads the object. Completing again may answer as the first time, or `BLOB_UNKNOWN_UPLOAD`.
   */
  completeMultipart(request: {
    key: string;
    uploadId: string;
    parts: readonly { part: number; etag: string }[];
  }): Promise<{ readonly etag: string; readonly bytes: number }>;
  abortMultipart(request: { key: string; uploadId: string }): Promise<void>;
  /**
   * A URL that grants one method on one key until the expiry, at most seven days ahead, cut to whole seconds (`BLOB_RANGE` otherwise).
   * Resolve it against the address that serves the store: `new URL(await presign(…), base)`. An engine with an endpoint of its own gives a
   * complete URL and the base does not count; that of files gives path and query for a mount that asks `verifyPresigned`.
   */
  presign(request: { key: string; method: 'GET' | 'PUT'; expiresAtMs: number }): Promise<string>;
  /**
   * A local path of the object's bytes for programs that need a file: for this process and its children, read-only, released with `using`.
   * An engine elsewhere fetches the object for it, once for copies that overlap or follow each other within minutes.
   */
  localCopy(key: string): Promise<({ readonly path: string } & AsyncDisposable) | null>;
};

/** As in S3, whose servers refuse smaller parts but for the last. */
export const PART_BYTES_MIN: number = 5 * 1024 * 1024;
/** An engine may hold a part in memory; 10 000 of them are 625 GiB. */
export const PART_BYTES_MAX: number = 64 * 1024 * 1024;
/** As in S3. */
export const PARTS_MAX = 10_000;
/** As in S3. */
export const PRESIGNED_MS_MAX: number = 7 * 86_400_000;

export type BlobBody = Uint8Array | AsyncIterable<Uint8Array> | NodeJS.ReadableStream;
/** The etag changes whenever the bytes under the key change; the same bytes put again may have the same one. `modifiedAtMs` is true to the second. */
export type BlobInfo = { readonly key: string; readonly bytes: number; readonly etag: string; readonly modifiedAtMs: number };
export type BlobRead = BlobInfo & {
  readonly range: { readonly start: number; readonly end: number };
  readonly body: NodeJS.ReadableStream & { destroy(error?: Error): unknown };
};
export type BlobPut =
  | { readonly kind: 'stored'; readonly etag: string; readonly bytes: number; readonly sha256: string }
  | { readonly kind: 'exists' };

export const BLOB_FAULTS = {
  BLOB_BAD_KEY: { side: 'us', retry: false },
  BLOB_CHECKSUM: { side: 'us', retry: true },
  BLOB_RANGE: { side: 'us', retry: false },
  BLOB_REPLACED: { side: 'us', retry: true },
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
