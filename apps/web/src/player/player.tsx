import { useEffect, useMemo, useState, type ReactNode } from 'react';
import type { PlaySession } from '../session/play-session.ts';
import { text } from '../texts.ts';
import { createActions } from './actions.ts';
import { Controls } from './controls.tsx';
import { DiagnosticsOverlay, EndedOverlay, HelpOverlay, TroubleOverlay } from './overlays.tsx';
import { ResumeNote } from './resume-note.tsx';
import { useEngine } from './use-engine.ts';
import { useHeartbeat } from './use-heartbeat.ts';
import { useIdle } from './use-idle.ts';
import { useMediaSession } from './use-media-session.ts';
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
};

export function Player({ play, startMs, playOrigin, leave, home, retry }: PlayerProps): ReactNode {
  const { session } = play;
  const [stage, setStage] = useState<HTMLElement | null>(null);
  const [video, setVideo] = useState<HTMLVideoElement | null>(null);
  const [captionsStage, setCaptionsStage] = useState<HTMLElement | null>(null);
  const [overlay, setOverlay] = useState<'help' | 'diagnostics' | undefined>();
  const state = useVideoState(video, session.durationMs);
  const { engine, tracks, trouble, diagnostics } = useEngine({
    video,
    captionsStage,
    play,
    manifestUrl: `${playOrigin}${session.dashPath}`,
    startMs,
  });
  const actions = useMemo(() => (video !== null && stage !== null ? createActions(video, stage) : undefined), [video, stage]);
  const toggleOverlay = (name: 'help' | 'diagnostics'): void => setOverlay((now) => (now === name ? undefined : name));
  const idle = useIdle(stage, { hold: state.paused || overlay === 'help' || trouble !== undefined });
  const touch = useTouch(actions, idle);

  useHeartbeat(video, play);
  useMediaSession(session.titleName, actions, state);
  usePlayerKeys(video, actions, {
    toggleCaptions: () => engine?.chooseText(tracks.text.some((track) => track.active) ? undefined : tracks.text[0]?.key),
    toggleHelp: () => toggleOverlay('help'),
    toggleDiagnostics: () => toggleOverlay('diagnostics'),
    dismiss: () => setOverlay(undefined),
    noticed: idle.wake,
  });
  useEffect(() => {
    document.title = text('app.pageName', { page: session.titleName });
  }, [session.titleName]);

  const waiting = state.waiting && trouble === undefined && !state.ended;
  return (
    <main
      ref={setStage}
      className={idle.hidden ? 'player player-idle' : 'player'}
      aria-label={text('player.region', { title: session.titleName })}
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
      {state.ended && trouble === undefined && actions !== undefined ? (
        <EndedOverlay name={session.titleName} actions={actions} home={home} />
      ) : null}
      {overlay === 'help' ? <HelpOverlay close={() => setOverlay(undefined)} /> : null}
      {overlay === 'diagnostics' ? <DiagnosticsOverlay read={diagnostics} /> : null}
      {trouble === undefined ? null : (
        <TroubleOverlay
          because={trouble}
          refusal={play.refusal()}
          retry={() => retry(video === null ? startMs : video.currentTime * 1000)}
          home={home}
        />
      )}
    </main>
  );
}
