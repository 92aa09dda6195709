import { Readable } from 'node:stream';
import { BlobFault } from '@bioscope/blob';

/** The bytes of an answer as a body of the port: it ends whole or fails with a `BlobFault` (or the signal's reason), and waits for its reader. */
export function incomingBody(source: Readable, signal: AbortSignal | undefined): Readable {
  const body = new Readable({
    read() {
      source.resume();
    },
    destroy(error, done) {
      source.destroy();
      done(error);
    },
  });
  // One that breaks before anybody reads it must not end the process; whoever reads it then meets the error.
  body.on('error', () => undefined);
  const broken = (cause?: Error): void => {
    if (signal?.aborted === true) body.destroy(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
    else body.destroy(new BlobFault('BLOB_UNAVAILABLE', 'The storage broke off in the middle of the object.', { cause }));
  };
  source.on('data', (chunk: Uint8Array) => {
    if (!body.push(chunk)) source.pause();
  });
  source.on('end', () => body.push(null));
  source.on('error', broken);
  source.on('close', () => {
    if (!source.readableEnded && !body.destroyed) broken();
  });
  source.pause();
  return body;
}
