import type { Refusal } from '@bioscope/playback/contract';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import type { PlaySession } from '../session/play-session.ts';
import { text } from '../texts.ts';
import { createActions } from './actions.ts';
import { Controls } from './controls.tsx';
import { NextEpisodeCard } from './next-episode-card.tsx';
import { nextOffer } from './next-offer.ts';
import { DiagnosticsOverlay, EndedOverlay, HelpOverlay, TroubleOverlay } from './overlays.tsx';
import { ResumeNote } from './resume-note.tsx';
import { useEngine } from './use-engine.ts';
import { useHeartbeat } from './use-heartbeat.ts';
import { useIdle } from './use-idle.ts';
import { useMediaSession } from './use-media-session.ts';
import type { NextEpisode } from './use-next-episode.ts';
import { usePlayerKeys } from './use-player-keys.ts';
import { useTouch } from './use-touch.ts';
import { useVideoState } from './video-state.ts';

type PlayerProps = {
  play: PlaySession;
  startMs: number;
  /** The `play.` origin. */
  playOrigin: string;
  leave: () => void;
  home: () => void;
  /** Asks for a new session that starts here. */
  retry: (positionMs: number) => void;
  next: NextEpisode | null;
  playNext: (next: NextEpisode) => void;
};

export function Player({ play, startMs, playOrigin, leave, home, retry, next, playNext }: PlayerProps): ReactNode {
  const { session } = play;
  const [stage, setStage] = useState<HTMLElement | null>(null);
  const [video, setVideo] = useState<HTMLVideoElement | null>(null);
  const [captionsStage, setCaptionsStage] = useState<HTMLElement | null>(null);
  const [overlay, setOverlay] = useState<'help' | 'diagnostics' | undefined>();
  const state = useVideoState(video, session.durationMs);
  const [stopped, setStopped] = useState<Refusal>();
  const [declined, setDeclined] = useState(false);
  const {
    engine,
    tracks,
    diagnostics,
    trouble: engineTrouble,
  } = useEngine({
    video,
    captionsStage,
    play,
    manifestUrl: `${playOrigin}${session.dashPath}`,
    startMs,
  });
  const trouble = stopped === undefined ? engineTrouble : 'refused';
  const offer = nextOffer(state, declined || next === null);
  const actions = useMemo(() => (video === null ? undefined : createActions(video)), [video]);
  const toggleOverlay = (name: 'help' | 'diagnostics'): void => setOverlay((now) => (now === name ? undefined : name));
  const idle = useIdle(stage, { hold: state.paused || overlay === 'help' || trouble !== undefined });
  const touch = useTouch(actions, idle);

  useHeartbeat(video, play, {
    stopped(refusal) {
      video?.pause();
      setStopped(refusal);
    },
    returned: () => retry(video === null ? startMs : video.currentTime * 1000),
  });
  useMediaSession(session.titleName, actions, state);
  usePlayerKeys(video, actions, {
    toggleCaptions: () => engine?.chooseText(tracks.text.some((track) => track.active) ? undefined : tracks.text[0]?.key),
    toggleHelp: () => toggleOverlay('help'),
    toggleDiagnostics: () => toggleOverlay('diagnostics'),
    dismiss() {
      setOverlay(undefined);
      // Out of the controls, back to the film: arrows seek again.
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    },
    reachControls: () => stage?.querySelector<HTMLElement>('.control-main')?.focus(),
    noticed: idle.wake,
  });
  useEffect(() => {
    document.title = text('app.pageName', { page: session.titleName });
  }, [session.titleName]);

  const isDue = offer.kind === 'go' && next !== null && trouble === undefined;
  useEffect(() => {
    if (isDue) playNext(next);
  }, [isDue, next, playNext]);

  const waiting = state.waiting && trouble === undefined && !state.ended;
  return (
    <main
      ref={setStage}
      className={idle.hidden ? 'player player-idle' : 'player'}
      aria-label={text('player.region', { title: session.titleName })}
      data-arrows={trouble === undefined && !state.ended ? 'own' : undefined}
    >
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- captions come with the manifest and are drawn into .captions-stage */}
      <video
        ref={setVideo}
        playsInline
        aria-label={session.titleName}
        onPointerUp={touch.onPointerUp}
        onDoubleClick={touch.onDoubleClick}
      />
      <div ref={setCaptionsStage} className="captions-stage" />
      {waiting ? <output className="spinner player-spinner" aria-label={text('player.buffering')} /> : null}
      {touch.flash === undefined ? null : (
        <span key={touch.flash.id} className={`seek-flash seek-flash-${touch.flash.side}`} aria-hidden="true" />
      )}
      <h1 className="visually-hidden">{session.titleName}</h1>
      {actions === undefined || trouble !== undefined ? null : (
        <Controls
          play={play}
          state={state}
          tracks={tracks}
          actions={actions}
          engine={engine}
          leave={leave}
          openHelp={() => setOverlay('help')}
        />
      )}
      {startMs > 0 && actions !== undefined && state.started && trouble === undefined ? (
        <ResumeNote startMs={startMs} actions={actions} />
      ) : null}
      {offer.kind === 'offered' && next !== null && trouble === undefined ? (
        <NextEpisodeCard next={next} secondsLeft={offer.secondsLeft} play={() => playNext(next)} decline={() => setDeclined(true)} />
      ) : null}
      {state.ended && trouble === undefined && actions !== undefined && !isDue ? (
        <EndedOverlay name={session.titleName} actions={actions} home={home} playNext={next === null ? undefined : () => playNext(next)} />
      ) : null}
      {overlay === 'help' ? <HelpOverlay close={() => setOverlay(undefined)} /> : null}
      {overlay === 'diagnostics' ? <DiagnosticsOverlay read={diagnostics} /> : null}
      {trouble === undefined ? null : (
        <TroubleOverlay
          because={trouble}
          refusal={stopped ?? play.refusal()}
          retry={() => retry(video === null ? startMs : video.currentTime * 1000)}
          home={home}
        />
      )}
    </main>
  );
}
