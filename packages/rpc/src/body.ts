import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { RpcError } from './error.ts';

/** Smaller answers grow or gain nothing. */
const GZIP_BYTES_MIN = 1_024;

const inflate = promisify(gunzip);
const deflate = promisify<Buffer | Uint8Array, Buffer>(gzip);
const EMPTY = Buffer.alloc(0);

/** Reads a whole request body. Rejects with `RpcError`: too large, broken off, or in an encoding that is not spoken here. */
export async function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity' && encoding !== 'gzip') {
    throw new RpcError('unimplemented', `the content-encoding "${encoding}" is not spoken here: use gzip or identity`);
  }
  const announced = request.headers['content-length'];
  if (announced !== undefined && Number(announced) > bytesMax) throw tooLarge(bytesMax);
  const body = await collect(request, bytesMax);
  return encoding === 'gzip' && body.length > 0 ? unzip(body, bytesMax) : body;
}

/** How much memory the body may take, before it is read: what it announces, or the most there may be where that says nothing. */
export function bytesAhead(request: IncomingMessage, bytesMax: number): number {
  const announced = request.headers['content-length'];
  const encoding = request.headers['content-encoding'];
  return announced === undefined || encoding === 'gzip' ? bytesMax : Math.min(Number(announced), bytesMax);
}

function collect(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let first: Buffer | undefined;
    let more: Buffer[] | undefined;
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > bytesMax) {
        request.removeAllListeners('data');
        reject(tooLarge(bytesMax));
      } else if (first === undefined) {
        first = chunk;
      } else {
        (more ??= [first]).push(chunk);
      }
    });
    request.on('end', () => resolve(more === undefined ? (first ?? EMPTY) : Buffer.concat(more)));
    request.on('error', (cause) => reject(new RpcError('canceled', 'the request broke off', { cause })));
    request.on('close', () => {
      if (!request.complete) reject(new RpcError('canceled', 'the request broke off'));
    });
  });
}

async function unzip(body: Buffer, bytesMax: number): Promise<Buffer> {
  try {
    return await inflate(body, { maxOutputLength: bytesMax });
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge(bytesMax);
    throw new RpcError('invalid_argument', 'the body is not gzip, as its content-encoding says', { cause });
  }
}

/** The answer as it goes out: gzip where the caller takes it and it pays. */
export async function packAnswer(
  body: Uint8Array,
  acceptEncoding: string | undefined,
): Promise<{ body: Uint8Array; encoding: 'gzip' | 'identity' }> {
  if (body.length < GZIP_BYTES_MIN || acceptEncoding === undefined || !/(^|[\s,])gzip\s*($|,)/.test(acceptEncoding))
    return { body, encoding: 'identity' };
  return { body: await deflate(body), encoding: 'gzip' };
}

function tooLarge(bytesMax: number): RpcError {
  return new RpcError('resource_exhausted', `the message is larger than ${bytesMax} bytes`);
}
