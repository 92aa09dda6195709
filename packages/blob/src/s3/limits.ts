/** The SDK has no deadlines of its own. Each here may be changed when a store is opened; tests use short ones. */
export type S3Deadlines = {
  /** A connection, with TLS. */
  readonly connectMs: number;
  /** One try of a call without much of a body, up to the answer's head. */
  readonly firstByteMs: number;
  /** Such a call with all its tries. */
  readonly callMs: number;
  /** One try of sending one piece: at the default size a line of 3 Mbit/s per piece suffices. */
  readonly pieceTryMs: number;
  readonly pieceMs: number;
  /** Joining pieces: servers copy them, which for a long film takes minutes. */
  readonly joinMs: number;
  /** A body that is being read and of which nothing comes is given up and gone on with on a new connection. */
  readonly idleMs: number;
};

export const DEADLINES: S3Deadlines = {
  connectMs: 3_000,
  firstByteMs: 10_000,
  callMs: 30_000,
  pieceTryMs: 60_000,
  pieceMs: 180_000,
  joinMs: 300_000,
  idleMs: 15_000,
};

/** Tries of one call, the first included; between them the SDK waits longer and longer, with jitter. */
export const TRIES_MAX = 3;
/** To one server. Bodies that are read slowly hold one each; whoever gets none within `connectMs` is refused. */
export const CONNECTIONS_MAX = 512;
/** Bodies up to this size go in one request, larger ones in pieces of it. 10 000 of them are 156 GiB; who says that more is expected gets larger ones. */
export const PIECE_BYTES: number = 16 * 1024 * 1024;
/** Pieces of one body under way: with the one being filled, four are in memory. */
export const PIECES_PARALLEL = 3;
/** A broken body is gone on with so often in a row without a byte between… */
export const RESUMES_WITHOUT_PROGRESS_MAX = 4;
/** …and so often at all, so that a server that sends a byte at a time does not keep a reader for ever. */
export const RESUMES_MAX = 100;
/** Waits before going on with a body: this, doubled each time. */
export const RESUME_PAUSE_MS = 100;
/** Two writers at the same instant may both be told of a conflict (409): they try again, after a random while that doubles. */
export const CONFLICTS_MAX = 7;
export const CONFLICT_PAUSE_MS = 10;
/** As in S3, which lists no more in one answer. */
export const KEYS_PER_PAGE_MAX = 1000;
/** An object that is there one moment and not the next is looked up again so often. */
export const LOOKS_MAX = 3;
/** Old uploads looked at when a store is opened; more are found the next times. */
export const SWEPT_UPLOADS_MAX = 1000;
/** S3 answers with at most 1000 of the 10 000 parts at a time. */
export const PARTS_PAGES_MAX = 11;
/** Local copies that nobody uses stay this long, for whoever asks next: preparing a film asks for its source hundreds of times. */
export const COPY_KEPT_MS = 600_000;
/** …and together take no more than this; the oldest go first, and all go when the disk is full. */
export const COPIES_KEPT_BYTES_MAX: number = 64 * 1024 ** 3;
/** An object that is replaced while it is copied is begun again so often. */
export const COPY_TRIES_MAX = 3;
/** Between looks for an object whose pieces are said to be joined: this, doubled each time. */
export const JOIN_LOOK_PAUSE_MS = 50;
