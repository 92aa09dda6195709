import type { Refusal } from '@bioscope/playback/contract';
import { useEffect, useEffectEvent } from 'react';
import type { PlaySession, Progress } from '../session/play-session.ts';

export type HeartbeatEvents = {
  /** Another device of the account has stopped it: that counts at once. Other refusals let play what is buffered. */
  readonly stopped: (refusal: Refusal) => void;
  /** The browser had kept the page and shows it again: its session is over. */
  readonly returned: () => void;
};

/** Keeps the play session alive and the bookmark fresh: on its beat, on pause, when the page hides or returns; ends it when the page goes. */
export function useHeartbeat(video: HTMLVideoElement | null, play: PlaySession, events: HeartbeatEvents): void {
  const stopped = useEffectEvent((refusal: Refusal) => events.stopped(refusal));
  const returned = useEffectEvent(() => events.returned());
  useEffect(() => {
    if (video === null) return undefined;
    const here = (): Progress => ({ positionMs: video.currentTime * 1000, playing: !video.paused });
    const leaving = new AbortController();
    const { signal } = leaving;
    // Before the film stands at its place, its position of zero would overwrite the bookmark.
    let placed = false;
    let ended = false;
    const beat = (): void => {
      if (placed && !ended) void play.beat(here()).then(look);
    };
    const look = (): void => {
      const refusal = play.refusal();
      if (refusal?.because === 'stopped' && !ended) stopped(refusal);
    };
    // Its place among the screens of the plan is free at once. Nothing may follow: a beat that overtakes it would take the place again.
    const end = (): void => {
      if (!ended) play.end(placed ? video.currentTime * 1000 : play.session.resumePositionMs);
      ended = true;
    };
    video.addEventListener('loadeddata', () => (placed = true), { signal, once: true });
    video.addEventListener('pause', beat, { signal });
    video.addEventListener('ended', beat, { signal });
    document.addEventListener('visibilitychange', beat, { signal });
    window.addEventListener('pagehide', end, { signal });
    window.addEventListener('pageshow', ({ persisted }) => persisted && returned(), { signal });
    const timer = setInterval(beat, Math.max(1_000, play.session.heartbeatEveryMs));
    return () => {
      clearInterval(timer);
      leaving.abort();
      end();
    };
  }, [video, play]);
}
