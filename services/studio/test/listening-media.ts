import * as media from '../src/media/index.ts';
import type { Media } from '../src/parts.ts';

/** The real encoder, noting each start and each end of a chunk. */
export function listeningMedia(note: (line: string) => void): Partial<Media> {
  return {
    async encodeChunk(request) {
      const name = `${request.group.name}/${request.chunk.index}`;
      const started = { now: false };
      const pieces = await media.encodeChunk({
        ...request,
        // ffmpeg reports progress only when it runs: pieces that are there already are answered without it.
        onProgress(share) {
          if (!started.now) note(`encoding ${name}`);
          started.now = true;
          request.onProgress?.(share);
        },
      });
      note(`encoded ${name}`);
      return pieces;
    },
  };
}
