/**
 * Bits per second of a track: `peak` is that of its most expensive segment, `average` that of all bytes over all time, both rounded up
 * (RFC 8216, 4.3.4.2). Segments last between half and one and a half times the target, so each is a window of the RFC's definition.
 */
export function bandwidthOf(track: {
  readonly timescale: number;
  readonly segmentBytes: readonly number[];
  readonly segmentDurations: readonly number[];
}): { peak: number; average: number } {
  let peak = 0;
  let bytes = 0;
  let duration = 0;
  track.segmentBytes.forEach((segment, index) => {
    const ticks = track.segmentDurations[index] ?? 0;
    peak = Math.max(peak, bitsPerSecond(segment, ticks, track.timescale));
    bytes += segment;
    duration += ticks;
  });
  return { peak, average: bitsPerSecond(bytes, duration, track.timescale) };
}

function bitsPerSecond(bytes: number, ticks: number, timescale: number): number {
  return Math.ceil((bytes * 8 * timescale) / ticks);
}
