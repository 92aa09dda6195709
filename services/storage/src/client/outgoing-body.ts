import { Readable } from 'node:stream';
import type { BlobBody } from '@bioscope/blob';
import { chunksUntilAborted, closeUnread } from '@bioscope/blob/engine';

/** A body on its way out, and what became of its source. */
export type Outgoing = {
  readonly body: Uint8Array | Readable;
  /** What the source threw, if it did. */
  failure(): { readonly cause: unknown } | undefined;
  /** Closes the source when it was not read to its end. */
  close(): void;
};

/** Reads the source as fast as the other side takes it. */
export function createOutgoing(source: BlobBody, signal: AbortSignal | undefined): Outgoing {
  if (source instanceof Uint8Array) return { body: source, failure: () => undefined, close: () => undefined };
  let failure: { readonly cause: unknown } | undefined;
  let isBegun = false;

  async function* noting(): AsyncGenerator<Uint8Array> {
    isBegun = true;
    try {
      yield* chunksUntilAborted(source, signal);
    } catch (cause) {
      failure = { cause };
      throw cause;
    }
  }

  const body = Readable.from(noting(), { objectMode: false });
  // It is told through `failure`.
  body.on('error', () => undefined);
  return {
    body,
    failure: () => failure,
    close() {
      body.destroy();
      if (!isBegun) closeUnread(source);
    },
  };
}
