import { pause } from '../clock.ts';
import { fetchRange, type RangeNeeds } from './fetch-range.ts';
import type { TrackSource } from './presentation.ts';
import type { Screen } from './screen.ts';
import { readSegmentIndex, type Segment } from './segment-index.ts';

/** The index of a film of four hours has 7,200 entries of twelve bytes. */
const HEAD_BYTES_MAX = 4 * 1_024 * 1_024;

/** Initialization and index of a track. `undefined` when they could not be had, or are none. */
export async function fetchHead(needs: RangeNeeds, track: TrackSource): Promise<readonly Segment[] | undefined> {
  const bytes = track.headLastByte + 1;
  if (bytes > HEAD_BYTES_MAX) return undefined;
  const head = await fetchRange(needs, { urlOn: track.urlOn, firstByte: 0, bytes, keep: true });
  try {
    return head === undefined ? undefined : readSegmentIndex(head);
  } catch (cause) {
    if (cause instanceof RangeError) return undefined;
    throw cause;
  }
}

export type Feed = { readonly track: TrackSource; readonly index: number; readonly segments: readonly Segment[] };

/** Fetches one segment after the other from the picture's position on, at the pace at which they are played. Resolves with false when the player gave up. */
export async function feedTrack(needs: RangeNeeds, screen: Screen, { track, index, segments }: Feed): Promise<boolean> {
  const { positionMs } = screen.look();
  for (const segment of segments.filter(({ endMs }) => endMs > positionMs)) {
    for (let waitMs = screen.untilHungryMs(index); waitMs > 0 && !needs.signal.aborted; waitMs = screen.untilHungryMs(index))
      await pause(needs.clock, waitMs, needs.signal);
    const { firstByte, bytes, endMs } = segment;
    if ((await fetchRange(needs, { urlOn: track.urlOn, firstByte, bytes, keep: false })) === undefined) return needs.signal.aborted;
    screen.arrived(index, endMs);
  }
  return true;
}
