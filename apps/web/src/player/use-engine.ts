import { useEffect, useState } from 'react';
import type { PlaySession } from '../session/play-session.ts';
import { playGently } from './actions.ts';
import { publishDiagnostics, readDiagnostics, type Diagnostics } from './diagnostics.ts';
import { openEngine, type Engine } from './engine.ts';
import type { TroubleCause } from './recovery.ts';
import { createStallMeter } from './stall-meter.ts';
import { NO_TRACKS, type TrackLists } from './tracks.ts';

export type EngineView = {
  readonly engine: Engine | undefined;
  readonly tracks: TrackLists;
  readonly trouble: TroubleCause | 'unsupported' | undefined;
  readonly diagnostics: () => Diagnostics | undefined;
};

type EngineUse = {
  video: HTMLVideoElement | null;
  captionsStage: HTMLElement | null;
  play: PlaySession;
  manifestUrl: string;
  startMs: number;
};

// Ten looks a second: finer than anybody notices, coarser than costs anything.
const STALL_LOOK_EVERY_MS = 100;

/** Opens the streaming engine on the video element, starts the film, and closes it when the player goes. */
export function useEngine({ video, captionsStage, play, manifestUrl, startMs }: EngineUse): EngineView {
  const [engine, setEngine] = useState<Engine>();
  const [tracks, setTracks] = useState<TrackLists>(NO_TRACKS);
  const [trouble, setTrouble] = useState<EngineView['trouble']>();
  const [diagnostics, setDiagnostics] = useState<() => Diagnostics | undefined>(() => () => undefined);

  useEffect(() => {
    if (video === null || captionsStage === null) return undefined;
    let gone = false;
    const endings: (() => void)[] = [];
    const open = async (): Promise<void> => {
      const opened: Engine = await openEngine({
        video,
        captionsStage,
        play,
        manifestUrl,
        storage: window.localStorage,
        onTracks: () => setTracks(opened.tracks()),
        onTrouble: setTrouble,
      });
      endings.push(() => void opened.close());
      if (gone) return;
      const stalls = createStallMeter();
      endings.push(watchStalls(video, stalls));
      const read = (): Diagnostics => readDiagnostics(video, play, opened, stalls);
      endings.push(publishDiagnostics(read));
      setDiagnostics(() => read);
      setEngine(opened);
      await opened.load(startMs);
      if (!gone) await playGently(video);
    };
    const opening = open();
    return () => {
      gone = true;
      void opening.finally(() => endings.toReversed().forEach((end) => end()));
    };
  }, [video, captionsStage, play, manifestUrl, startMs]);

  return { engine, tracks, trouble, diagnostics };
}

function watchStalls(video: HTMLVideoElement, stalls: ReturnType<typeof createStallMeter>): () => void {
  let started = false;
  const begin = (): void => {
    started = true;
  };
  video.addEventListener('playing', begin, { once: true });
  const timer = setInterval(() => {
    const shouldAdvance = started && !video.paused && !video.ended && !video.seeking;
    stalls.tick({ nowMs: performance.now(), positionMs: video.currentTime * 1000, shouldAdvance });
  }, STALL_LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
    video.removeEventListener('playing', begin);
  };
}
