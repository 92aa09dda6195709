import type { IncomingMessage } from 'node:http';

export type ReadJson =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly status: 400 | 413; readonly because: string };

/** A request's whole body as JSON. Rejects only when the connection breaks off. */
export async function readJson(request: IncomingMessage, bytesMax: number): Promise<ReadJson> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) return { kind: 'refused', status: 413, because: `the body is larger than ${bytesMax} bytes` };
    chunks.push(chunk);
  }
  try {
    return { kind: 'json', value: JSON.parse(Buffer.concat(chunks).toString()) };
  } catch {
    return { kind: 'refused', status: 400, because: 'the body is not JSON' };
  }
}
