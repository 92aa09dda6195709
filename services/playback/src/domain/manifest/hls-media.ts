import type { TrackFile } from '@bioscope/catalog/contract';

import { quoted, tag } from './hls-attributes.ts';
import { editionUrl, type PathwayBase, type Presentation } from './presentation.ts';
import { trackFile } from './segment-index.ts';

/** The playlist of one track on one pathway; null when the edition has no such track. A track is named by its rung or its id. */
export function writeHlsMedia(presentation: Presentation, pathway: PathwayBase, trackId: string): string | null {
  const { edition } = presentation;
  const base = editionUrl(presentation, pathway);
  const text = edition.text.find((track) => track.id === trackId);
  if (text !== undefined) return wholeFile(`${base}${text.file}`, edition.durationMs / 1000);
  const track = trackFile(edition, trackId);
  return track === null ? null : byteRanges(track, base);
}

/** Every segment is a range of the one file (RFC 8216, 4.3.2.2); the first begins behind header and index. */
function byteRanges(track: TrackFile, base: string): string {
  const url = `${base}${track.file}`;
  const lasting = track.segmentDurations.map((ticks) => ticks / track.timescale);
  let offset = track.initBytes + track.indexBytes;
  const segments = track.segmentBytes.flatMap((bytes, index) => {
    const lines = [`#EXTINF:${(lasting[index] ?? 0).toFixed(6)},`, `#EXT-X-BYTERANGE:${bytes}@${offset}`, url];
    offset += bytes;
    return lines;
  });
  const map = tag('EXT-X-MAP', { URI: quoted(url), BYTERANGE: quoted(`${track.initBytes}@0`) });
  return playlist(Math.max(...lasting), ['#EXT-X-INDEPENDENT-SEGMENTS', map, ...segments]);
}

function wholeFile(url: string, seconds: number): string {
  return playlist(seconds, [`#EXTINF:${seconds.toFixed(6)},`, url]);
}

function playlist(longestSeconds: number, lines: readonly string[]): string {
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    // Every duration, rounded to whole seconds, is at most the target (RFC 8216, 4.3.3.1).
    `#EXT-X-TARGETDURATION:${Math.max(1, Math.round(longestSeconds))}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    '#EXT-X-PLAYLIST-TYPE:VOD',
    ...lines,
    '#EXT-X-ENDLIST',
    '',
  ].join('\n');
}
