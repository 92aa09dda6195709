import type { Edition, VideoTrack } from '@bioscope/catalog/contract';

/** The edition without the rungs above a plan's resolution; the lowest stays, whatever the plan. `heightMax` 0: all of them. */
export function withinHeight(edition: Edition, heightMax: number): Edition {
  if (heightMax === 0) return edition;
  const allowed = edition.video.filter((track) => linesOf(track) <= heightMax);
  if (allowed.length === edition.video.length) return edition;
  const lowest = edition.video.reduce<VideoTrack | null>(
    (least, track) => (least === null || linesOf(track) < linesOf(least) ? track : least),
    null,
  );
  return { ...edition, video: allowed.length > 0 || lowest === null ? allowed : [lowest] };
}

/**
 * What people call the resolution: the lines of a 16:9 picture that holds this one. A picture of 1920 × 800 is a wide "1080p", and one held
 * upright counts as if it lay.
 */
export function linesOf({ width, height }: Pick<VideoTrack, 'width' | 'height'>): number {
  const [long, short] = width >= height ? [width, height] : [height, width];
  return Math.max(short, Math.round((long * 9) / 16));
}
