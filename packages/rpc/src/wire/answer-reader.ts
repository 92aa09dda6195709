/** A whole answer. Header names are in lower case; of repeated headers the last counts, but for framing, where repetition is refused. */
export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly reusable: boolean;
};

/** Node's own limit for requests; answers of units have a handful of headers. */
const HEAD_BYTES_MAX = 16_384;
const LINE_BYTES_MAX = 1_024;
const EMPTY = Buffer.alloc(0);
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: [^\r\n]*)?$/;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const CHUNK_SIZE = /^([0-9A-Fa-f]{1,8})(?:[ \t]*;.*)?$/;

type Head = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly keepsAlive: boolean };

/**
 * Reads one HTTP/1.1 answer (RFC 9112) out of the pieces in which it arrives. Strict: what could be framed in two ways is an error, and the
 * connection that brought it must not be used again.
 */
export class AnswerReader {
  readonly #bytesMax: number;
  #rest: Buffer = EMPTY;
  #head: Head | undefined;
  /** Body bytes still to come by Content-Length; -1: chunked; -2: until the connection ends. */
  #left = 0;
  #chunkLeft = 0;
  #inTrailers = false;
  #body: Buffer[] = [];
  #bodyBytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** The answer when it is whole, null while more is to come. Throws when it cannot be read. */
  push(piece: Buffer): Answer | null {
    this.#rest = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    while (this.#head === undefined) {
      if (!this.#readHead()) return null;
    }
    if (this.#left === -1) return this.#readChunks();
    return this.#left === -2 ? this.#readAll() : this.#readCounted();
  }

  /** The connection has ended: the answer, if it was one that ends so. */
  end(): Answer | null {
    return this.#head !== undefined && this.#left === -2 ? this.#whole(false) : null;
  }

  /** False while the head is incomplete. An interim answer (1xx) is passed over. */
  #readHead(): boolean {
    const end = this.#rest.indexOf('\r\n\r\n', 0, 'latin1');
    if (end > HEAD_BYTES_MAX || (end === -1 && this.#rest.length > HEAD_BYTES_MAX)) throw new Error('the head of the answer is too long');
    if (end === -1) return false;
    const head = headOf(this.#rest.toString('latin1', 0, end));
    this.#rest = this.#rest.subarray(end + 4);
    if (head.status === 101) throw new Error('the answer changes the protocol');
    if (head.status < 200) return this.#rest.length > 0;
    this.#head = head;
    this.#left = framing(head);
    if (this.#left > this.#bytesMax) throw tooLarge(this.#bytesMax);
    return true;
  }

  #readCounted(): Answer | null {
    if (this.#bodyBytes === 0 && this.#rest.length >= this.#left) {
      this.#body = [this.#rest.subarray(0, this.#left)];
      this.#rest = this.#rest.subarray(this.#left);
      return this.#whole(true);
    }
    const taken = this.#rest.subarray(0, this.#left - this.#bodyBytes);
    this.#rest = this.#rest.subarray(taken.length);
    this.#take(taken);
    return this.#bodyBytes === this.#left ? this.#whole(true) : null;
  }

  #readAll(): null {
    this.#take(this.#rest);
    this.#rest = EMPTY;
    return null;
  }

  #readChunks(): Answer | null {
    for (;;) {
      if (this.#chunkLeft > 0) {
        const taken = this.#rest.subarray(0, this.#chunkLeft);
        this.#take(taken);
        this.#rest = this.#rest.subarray(taken.length);
        this.#chunkLeft -= taken.length;
        if (this.#chunkLeft > 0) return null;
        this.#chunkLeft = AFTER_CHUNK;
      }
      const line = this.#readLine();
      if (line === null) return null;
      if (this.#inTrailers) {
        if (line === '') return this.#whole(true);
      } else if (this.#chunkLeft === AFTER_CHUNK) {
        if (line !== '') throw new Error('a chunk of the answer does not end where it says');
        this.#chunkLeft = 0;
      } else {
        const size = CHUNK_SIZE.exec(line)?.[1];
        if (size === undefined) throw new Error('a chunk of the answer has no size');
        this.#chunkLeft = Number.parseInt(size, 16);
        this.#inTrailers = this.#chunkLeft === 0;
      }
    }
  }

  #readLine(): string | null {
    const end = this.#rest.indexOf('\r\n', 0, 'latin1');
    if (end > LINE_BYTES_MAX || (end === -1 && this.#rest.length > LINE_BYTES_MAX)) throw new Error('a line of the answer is too long');
    if (end === -1) return null;
    const line = this.#rest.toString('latin1', 0, end);
    this.#rest = this.#rest.subarray(end + 2);
    return line;
  }

  #take(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#bodyBytes += bytes.length;
    if (this.#bodyBytes > this.#bytesMax) throw tooLarge(this.#bytesMax);
    this.#body.push(bytes);
  }

  /** Bytes behind an answer were not asked for: the connection is out of step. */
  #whole(delimited: boolean): Answer {
    const { status, headers, keepsAlive } = this.#head as Head;
    const body = this.#body.length === 1 ? (this.#body[0] ?? EMPTY) : Buffer.concat(this.#body);
    return { status, headers, body, reusable: delimited && keepsAlive && this.#rest.length === 0 };
  }
}

/** Between the bytes of a chunk and the line end that closes it. */
const AFTER_CHUNK = -1;

/** Units answer most calls with one of a few heads, letter for letter; reading each anew was a tenth of a call's price. */
const KNOWN_HEADS_MAX = 256;
const knownHeads = new Map<string, Head>();

function headOf(text: string): Head {
  const known = knownHeads.get(text);
  if (known !== undefined) return known;
  const head = parseHead(text);
  if (knownHeads.size >= KNOWN_HEADS_MAX) knownHeads.clear();
  knownHeads.set(text, head);
  return head;
}

function parseHead(text: string): Head {
  const lines = text.split('\r\n');
  const [, minor, status] = STATUS_LINE.exec(lines[0] ?? '') ?? [];
  if (status === undefined) throw new Error('the answer is not HTTP/1.1');
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  for (let index = 1; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const colon = line.indexOf(':');
    const name = line.slice(0, colon);
    if (colon < 1 || !HEADER_NAME.test(name)) throw new Error('the answer has a malformed header');
    const key = name.toLowerCase();
    if ((key === 'content-length' || key === 'transfer-encoding') && headers[key] !== undefined)
      throw new Error(`the answer has two ${key}`);
    headers[key] = line.slice(colon + 1).trim();
  }
  const connection = headers['connection']?.toLowerCase();
  return { status: Number(status), headers, keepsAlive: minor === '1' ? connection !== 'close' : connection === 'keep-alive' };
}

/** RFC 9112 section 6.3. Both lengths at once are refused rather than ranked. */
function framing({ status, headers }: Head): number {
  const length = headers['content-length'];
  const coding = headers['transfer-encoding'];
  if (status === 204 || status === 304) return 0;
  if (coding !== undefined) {
    if (length !== undefined || coding.toLowerCase() !== 'chunked') throw new Error('the answer is framed in more than one way');
    return -1;
  }
  if (length === undefined) return -2;
  if (!/^\d{1,15}$/.test(length)) throw new Error('the answer has a malformed content-length');
  return Number(length);
}

function tooLarge(bytesMax: number): Error {
  return new Error(`the answer is larger than ${bytesMax} bytes`);
}
