import type { Refusal } from '@bioscope/playback/contract';
import { useEffect } from 'react';
import type { PlaySession, Progress } from '../session/play-session.ts';

/**
 * Keeps the play session alive and the bookmark fresh: on its beat, on pause, when the page hides or returns, and when it goes. Tells when another device of the
 * account has stopped it: that counts at once. Other refusals let play what is buffered.
 */
export function useHeartbeat(video: HTMLVideoElement | null, play: PlaySession, onStopped: (refusal: Refusal) => void): void {
  useEffect(() => {
    if (video === null) return undefined;
    const here = (): Progress => ({ positionMs: video.currentTime * 1000, playing: !video.paused });
    const leaving = new AbortController();
    const { signal } = leaving;
    // Before the film stands at its place, its position of zero would overwrite the bookmark.
    let placed = false;
    const end = (): void => play.end(placed ? video.currentTime * 1000 : play.session.resumePositionMs);
    const beat = (): void => {
      if (placed) void play.beat(here()).then(look);
    };
    const look = (): void => {
      const refusal = play.refusal();
      if (refusal?.because === 'stopped' && !signal.aborted) onStopped(refusal);
    };
    video.addEventListener('loadeddata', () => (placed = true), { signal, once: true });
    video.addEventListener('pause', beat, { signal });
    video.addEventListener('ended', beat, { signal });
    document.addEventListener('visibilitychange', beat, { signal });
    // Nobody comes back to a page that is thrown away: its place among the plan's screens is free at once. A page that is kept goes on where it was.
    window.addEventListener('pagehide', ({ persisted }) => (persisted && placed ? play.farewell(here()) : end()), { signal });
    const timer = setInterval(beat, Math.max(1_000, play.session.heartbeatEveryMs));
    return () => {
      clearInterval(timer);
      leaving.abort();
      end();
    };
  }, [video, play, onStopped]);
}
