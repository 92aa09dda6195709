import { useCallback, useRef, useSyncExternalStore } from 'react';

/** What the controls show of the video element. Times in milliseconds, volume 0 to 1. */
export type VideoState = {
  readonly positionMs: number;
  readonly durationMs: number;
  readonly paused: boolean;
  readonly ended: boolean;
  /** The picture stands because data is missing. */
  readonly waiting: boolean;
  readonly started: boolean;
  readonly volume: number;
  readonly muted: boolean;
  readonly rate: number;
  /** Shares of the film, 0 to 1. */
  readonly buffered: readonly { readonly from: number; readonly to: number }[];
};

export const BEFORE_THE_FILM: VideoState = {
  positionMs: 0,
  durationMs: 0,
  paused: true,
  ended: false,
  waiting: true,
  started: false,
  volume: 1,
  muted: false,
  rate: 1,
  buffered: [],
};

const EVENTS = [
  'timeupdate',
  'durationchange',
  'play',
  'playing',
  'pause',
  'waiting',
  'seeking',
  'seeked',
  'canplay',
  'ended',
  'volumechange',
  'ratechange',
  'progress',
  'emptied',
] as const;

/** Follows the video element. `filmDurationMs` counts until the element knows better. */
export function useVideoState(video: HTMLVideoElement | null, filmDurationMs: number): VideoState {
  const state = useRef(BEFORE_THE_FILM);
  const subscribe = useCallback(
    (changed: () => void) => {
      if (video === null) return () => undefined;
      const read = (event: Event): void => {
        state.current = readVideo(video, filmDurationMs, state.current, event.type);
        changed();
      };
      for (const name of EVENTS) video.addEventListener(name, read);
      return () => {
        for (const name of EVENTS) video.removeEventListener(name, read);
      };
    },
    [video, filmDurationMs],
  );
  return useSyncExternalStore(subscribe, () => state.current);
}

// Data for the frame after the current one (HTMLMediaElement.HAVE_FUTURE_DATA).
const HAVE_FUTURE_DATA = 3;

function readVideo(video: HTMLVideoElement, filmDurationMs: number, before: VideoState, event: string): VideoState {
  const durationMs = Number.isFinite(video.duration) && video.duration > 0 ? video.duration * 1000 : filmDurationMs;
  const buffered = Array.from({ length: video.buffered.length }, (_, range) => ({
    from: clampShare((video.buffered.start(range) * 1000) / durationMs),
    to: clampShare((video.buffered.end(range) * 1000) / durationMs),
  }));
  return {
    positionMs: video.currentTime * 1000,
    durationMs,
    paused: video.paused,
    ended: video.ended,
    waiting: !video.ended && video.readyState < HAVE_FUTURE_DATA,
    started: before.started || event === 'playing',
    volume: video.volume,
    muted: video.muted || video.volume === 0,
    rate: video.playbackRate,
    buffered,
  };
}

function clampShare(share: number): number {
  return Math.min(Math.max(share, 0), 1);
}
