import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { chunksUntilAborted } from '../body-chunks.ts';
import { BlobFault, PARTS_MAX } from '../port.ts';
import type { BlobBody } from '../port.ts';

type SourceSettings = {
  readonly pieceBytes: number;
  readonly sha256: string | undefined;
  readonly what: string;
  readonly signal: AbortSignal | undefined;
};

/** A body on its way: counted and hashed as it is read, its error kept, stopped when the sending failed. */
export type Source = {
  /** Reads until a piece is full or the body ends; rejects with the body's own error, the signal's reason, or `BLOB_CHECKSUM` at its end. */
  firstPiece(): Promise<Buffer>;
  isAtEnd(): boolean;
  /** What comes after the first piece. */
  rest(): AsyncIterable<Uint8Array>;
  /** Of all that was read; the checksum is asked for once, at the end. */
  sent(): { readonly bytes: number; readonly sha256: string };
  /** Ends every wait for a chunk: what was to be done with it failed for this reason. */
  stop(reason: unknown): void;
  /** Why reading ended before the end; null when it did not. */
  trouble(): { readonly error: unknown } | null;
} & AsyncDisposable;

export function openSource(body: BlobBody, { pieceBytes, sha256: wanted, what, signal }: SourceSettings): Source {
  const stopping = new AbortController();
  const hash = createHash('sha256');
  let [bytes, atEnd] = [0, false];
  let digest: string | null = null;
  let trouble: { error: unknown } | null = null;
  const chunks = watched();

  async function* watched(): AsyncGenerator<Uint8Array> {
    try {
      const end = signal === undefined ? stopping.signal : AbortSignal.any([signal, stopping.signal]);
      for await (const chunk of chunksUntilAborted(body, end)) {
        bytes += chunk.byteLength;
        if (bytes > pieceBytes * PARTS_MAX) throw tooLarge(what, pieceBytes);
        hash.update(chunk);
        if (chunk.byteLength > 0) yield chunk;
      }
      digest = hash.digest('hex');
      if (wanted !== undefined && wanted !== digest) {
        throw new BlobFault('BLOB_CHECKSUM', `${what}: the bytes have the SHA-256 ${digest}, not ${wanted}.`);
      }
      atEnd = true;
    } catch (error) {
      trouble ??= { error };
      throw error;
    }
  }

  return {
    async firstPiece() {
      const held: Uint8Array[] = [];
      // Asked for one more when the piece is just full: whether the body ends there decides how it is sent.
      for (;;) {
        const next = await chunks.next();
        if (next.done === true) break;
        held.push(next.value);
        if (bytes > pieceBytes) break;
      }
      return held.length === 1 && held[0] !== undefined ? asBuffer(held[0]) : Buffer.concat(held);
    },
    isAtEnd: () => atEnd,
    rest: () => ({ [Symbol.asyncIterator]: () => chunks }),
    sent: () => ({ bytes, sha256: digest ?? '' }),
    stop(reason) {
      // Noted at once: the streams on the way to the sender are torn down too, and throw errors of their own into this one.
      trouble ??= { error: reason };
      stopping.abort(reason);
    },
    trouble: () => trouble,
    async [Symbol.asyncDispose]() {
      stopping.abort(new Error('The write is over.'));
      await chunks.return(undefined);
    },
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function tooLarge(what: string, pieceBytes: number): BlobFault {
  return new BlobFault(
    'BLOB_RANGE',
    `${what}: more than ${PARTS_MAX} pieces of ${pieceBytes} bytes. Say bytesExpected, so that pieces become larger.`,
  );
}
