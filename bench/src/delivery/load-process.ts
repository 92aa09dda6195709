/** Run by load.ts: fetches addresses over raw sockets, looking at as few bytes as possible. Ends when its parent is gone. */
import { connect } from 'node:net';
import type { LoadAnswer, LoadRequest } from './load.ts';

process.on('message', (request: LoadRequest) => {
  run(request).then(
    (answer) => process.send?.(answer),
    (error: unknown) => process.send?.({ error: error instanceof Error ? error.message : String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));

async function run(request: LoadRequest): Promise<LoadAnswer> {
  const paths = request.paths.values();
  const beganAt = performance.now();
  await Promise.all(Array.from({ length: request.connections }, () => oneConnection(request, paths)));
  return { bytes: request.paths.length * request.bodyBytes, seconds: (performance.now() - beganAt) / 1000 };
}

/** A server that stops in the middle must end the bench, not hang it. */
const ANSWER_MS_MAX = 20_000;
/** Large reads keep the client from being the limit. */
const READ_BYTES = 512 * 1024;

function oneConnection(request: LoadRequest, paths: Iterator<string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const parser = answerParser(request.bodyBytes);
    const socket = connect({
      host: request.host,
      port: request.port,
      onread: {
        buffer: Buffer.allocUnsafe(READ_BYTES),
        callback(length, buffer) {
          try {
            // The next request goes out when the whole answer is in.
            if (parser.push(buffer.subarray(0, length))) next();
          } catch (error) {
            socket.destroy(error instanceof Error ? error : new Error(String(error)));
          }
          return true;
        },
      },
    });
    const next = (): void => {
      const { done, value: path } = paths.next();
      if (done === true) socket.end();
      else socket.write(`GET ${path} HTTP/1.1\r\nHost: ${request.host}:${request.port}\r\n\r\n`);
    };
    socket.setTimeout(ANSWER_MS_MAX, () => socket.destroy(new Error(`no byte for ${ANSWER_MS_MAX} ms`)));
    socket.on('connect', next);
    socket.on('error', reject);
    socket.on('close', () => resolve());
  });
}

/** Counts the bytes of answers with a length or in chunks; true when one is whole. */
function answerParser(bodyBytes: number): { push(bytes: Uint8Array): boolean } {
  let head = '';
  let isInBody = false;
  let bodyLeft = 0;
  let isChunked = false;
  let tail: Buffer = Buffer.alloc(0);
  return {
    push(bytes) {
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      let rest = buffer;
      if (!isInBody) {
        const end = buffer.indexOf('\r\n\r\n');
        head += buffer.toString('latin1', 0, end === -1 ? buffer.length : end);
        if (end === -1) return false;
        if (!head.startsWith('HTTP/1.1 200 ')) throw new Error(`unexpected answer: ${head.slice(0, 100)}`);
        isChunked = /transfer-encoding: chunked/i.test(head);
        const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
        if (!isChunked && length !== bodyBytes) throw new Error(`${length} bytes instead of ${bodyBytes}`);
        bodyLeft = bodyBytes;
        isInBody = true;
        rest = buffer.subarray(end + 4);
        head = '';
      }
      if (isChunked) {
        bodyLeft -= rest.length;
        // The ending may come in two pieces; random bytes hold it by chance once in 2^56.
        tail = Buffer.concat([tail, rest.subarray(-LAST_CHUNK.length)]).subarray(-LAST_CHUNK.length);
        if (bodyLeft > 0 || !tail.equals(LAST_CHUNK)) return false;
        isInBody = false;
        return true;
      }
      bodyLeft -= rest.length;
      if (bodyLeft > 0) return false;
      isInBody = false;
      return true;
    },
  };
}

const LAST_CHUNK = Buffer.from('\r\n0\r\n\r\n');
