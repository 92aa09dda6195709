import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export type ExchangeRequest = {
  readonly address: string;
  readonly port: number;
  /** The virtual host: `api.localhost:8080`. Not looked up: `*.localhost` is known to browsers, not to every resolver. */
  readonly hostHeader: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body?: Uint8Array | Readable;
  /** Of silence, in either direction. */
  readonly idleMs: number;
  readonly signal?: AbortSignal;
};
export type ExchangeAnswer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Buffer };

/** No answer to a command is larger; a list of every title of a large catalogue is a few MiB. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;

/** One HTTP exchange. An answer that comes before the body is sent (a refusal) ends the sending. */
export async function exchange(options: ExchangeRequest): Promise<ExchangeAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<ExchangeAnswer>();
  const outgoing = request({
    host: options.address,
    port: options.port,
    method: options.method,
    path: options.path,
    headers: { host: options.hostHeader, ...options.headers },
    timeout: options.idleMs,
    agent: false,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer from ${options.hostHeader} for ${options.idleMs / 1000} s`)));
  outgoing.on('error', reject);
  outgoing.on('response', (incoming) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    incoming.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes > ANSWER_BYTES_MAX) incoming.destroy(new Error(`the answer is larger than ${ANSWER_BYTES_MAX} bytes`));
      else parts.push(part);
    });
    incoming.on('error', reject);
    incoming.on('aborted', () => reject(new Error('the connection broke during the answer')));
    incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(parts) }));
  });
  if (options.body === undefined || options.body instanceof Uint8Array) outgoing.end(options.body);
  else pipeline(options.body, outgoing).catch(reject);
  try {
    return await promise;
  } finally {
    outgoing.destroy();
  }
}
