import type { Clock } from '../clock.ts';
import { advance, aheadMs, openBuffer, receive, stallsOf, type PlayBuffer } from './buffer.ts';
import type { Sitting } from './sitting.ts';

/** The picture of one sitting, by the clock: what has arrived for it, and what a person sees. */
export type Screen = {
  /** As it is now. */
  look(): PlayBuffer;
  /** Complete up to this time of the film. */
  arrived(track: number, readyMs: number): void;
  /** Film time until this track's buffer is no larger than the goal; zero or less: fetch now. */
  untilHungryMs(track: number): number;
  /** Hardly anything is left to be played. */
  isOut(): boolean;
};

/** Half a minute, as our player's settings have it (apps/web/src/player/settings.ts). */
const BUFFERING_GOAL_MS = 30_000;
/** As our player's recovery has it. */
const IS_OUT_MS = 1_000;

export function openScreen(
  { clock, sitting }: { readonly clock: Clock; readonly sitting: Sitting },
  film: { readonly positionMs: number; readonly endsMs: readonly number[] },
): Screen {
  let buffer = openBuffer({ nowMs: clock.nowMs(), ...film });
  const look = (): PlayBuffer => {
    buffer = advance(buffer, clock.nowMs());
    return buffer;
  };
  return {
    look,
    arrived(track, readyMs) {
      const waited = buffer.phase === 'starting';
      buffer = receive(buffer, track, readyMs, clock.nowMs());
      if (!waited || buffer.phase === 'starting') return;
      sitting.begun(() => {
        // Who has left sees no more.
        const { playedMs, stalledMs, ...seen } = sitting.signal.aborted ? buffer : look();
        const { count, longestMs } = stallsOf({ playedMs, stalledMs, ...seen });
        return { playedMs, stalledMs, stalls: count, stallLongestMs: longestMs };
      });
    },
    untilHungryMs: (track) => aheadMs(look(), track) - BUFFERING_GOAL_MS,
    isOut: () => film.endsMs.some((endMs, track) => (buffer.tracks[track]?.readyMs ?? 0) < endMs && aheadMs(look(), track) <= IS_OUT_MS),
  };
}
