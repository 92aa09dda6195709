/** A page of 16 MiB, one item of 16 MiB that ends it, and what names and tokens of ten thousand items add. */
export const ANSWER_BYTES_MAX: number = 48 * 1024 * 1024;
/** At once. Enough to keep the store's one reader thread busy while answers are on their way. */
export const READ_REQUESTS_MAX = 8;
/** Few, because the answers of one request come together. */
export const READS_PER_REQUEST_MAX = 32;
/** At once. The store commits together what comes together: more requests would only make the groups smaller. */
export const WRITE_REQUESTS_MAX = 4;
export const WRITES_PER_REQUEST_MAX = 256;
/** How long a subscriber's question waits for news: long enough to cost nothing, short enough that a connection cut in silence is noticed. */
export const WAIT_MS = 20_000;
/** How much longer than the wait an answer may take. */
export const WAIT_GRACE_MS = 3_000;
