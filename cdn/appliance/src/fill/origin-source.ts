import type { Rpc } from '@bioscope/rpc';
import type { FileKey } from '../files/file-store.ts';
import { startOf, type Source } from './source.ts';

/** The studio's store of published files. */
export function originSource(rpc: Pick<Rpc, 'fetch'>, { editionId, name }: FileKey): Source {
  return {
    name: 'the origin',
    async open(offset, signal) {
      const answer = await rpc.fetch('studio', `/origin/${editionId}/${name}`, {
        headers: offset === 0 ? {} : { range: `bytes=${offset}-` },
        signal,
      });
      const contentRange = answer.headers['content-range'];
      return {
        startsAt: startOf(answer.status, typeof contentRange === 'string' ? contentRange : undefined, offset),
        body: bytesOf(answer.body),
      };
    },
  };
}

async function* bytesOf(stream: NodeJS.ReadableStream): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}
