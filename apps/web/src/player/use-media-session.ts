import { useEffect } from 'react';
import { text } from '../texts.ts';
import type { Actions } from './actions.ts';
import { SEEK_STEP_S } from './keyboard.ts';
import type { VideoState } from './video-state.ts';

/** Tells the system what plays, so that media keys, headsets and lock screens work (W3C Media Session). */
export function useMediaSession(name: string, actions: Actions | undefined, state: VideoState): void {
  useEffect(() => {
    if (!('mediaSession' in navigator) || actions === undefined) return undefined;
    const { mediaSession } = navigator;
    mediaSession.metadata = new MediaMetadata({ title: name, artist: text('app.name') });
    const handlers: [MediaSessionAction, MediaSessionActionHandler][] = [
      ['play', () => actions.togglePlay()],
      ['pause', () => actions.togglePlay()],
      ['seekbackward', (details) => actions.seekBy(-(details.seekOffset ?? SEEK_STEP_S))],
      ['seekforward', (details) => actions.seekBy(details.seekOffset ?? SEEK_STEP_S)],
      ['seekto', (details) => actions.seekTo((details.seekTime ?? 0) * 1000)],
    ];
    for (const [action, handler] of handlers) mediaSession.setActionHandler(action, handler);
    return () => {
      mediaSession.metadata = null;
      for (const [action] of handlers) mediaSession.setActionHandler(action, null);
    };
  }, [name, actions]);

  useEffect(() => {
    if ('mediaSession' in navigator) navigator.mediaSession.playbackState = state.paused ? 'paused' : 'playing';
  }, [state.paused]);
}
