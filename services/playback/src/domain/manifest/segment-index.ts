import type { Edition, TrackFile } from '@bioscope/catalog/contract';

/** The file of a rung or a sound, by its name; null when the edition has no such track. */
export function trackFile(edition: Edition, trackId: string): TrackFile | null {
  const track = edition.video.find((rung) => rung.rung === trackId) ?? edition.audio.find((sound) => sound.id === trackId);
  return track?.track ?? null;
}

export function segmentIndexBytes(track: TrackFile): number {
  return HEAD_BYTES + REFERENCE_BYTES * track.segmentBytes.length;
}

/**
 * A track's index as a resource of its own: a `sidx` box (ISO/IEC 14496-12, 8.16.3) whose first offset counts from the start of the track file,
 * as it does for an index outside of the media (ISO/IEC 23009-1, RepresentationIndex). The track file has its own, for players that read it there.
 */
export function writeSegmentIndex(track: TrackFile): Buffer {
  const index = Buffer.alloc(segmentIndexBytes(track));
  index.writeUInt32BE(index.length, 0);
  index.write('sidx', 4, 'latin1');
  index.writeUInt32BE(1, 12);
  index.writeUInt32BE(track.timescale, 16);
  index.writeUInt32BE(track.initBytes + track.indexBytes, 24);
  index.writeUInt16BE(track.segmentBytes.length, 30);
  track.segmentBytes.forEach((bytes, segment) => {
    const at = HEAD_BYTES + REFERENCE_BYTES * segment;
    index.writeUInt32BE(bytes, at);
    index.writeUInt32BE(track.segmentDurations[segment] ?? 0, at + 4);
    index.writeUInt32BE(STARTS_WITH_SYNC, at + 8);
  });
  return index;
}

/** Box header, version and flags, reference id, timescale, earliest time, first offset, reserved, count. */
const HEAD_BYTES = 32;
const REFERENCE_BYTES = 12;
/** starts_with_SAP = 1, SAP_type = 1. */
const STARTS_WITH_SYNC = 0x9000_0000;
