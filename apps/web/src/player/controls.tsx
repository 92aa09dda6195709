import { useMemo, type ReactNode } from 'react';
import { clock, qualityName } from '../design/format.ts';
import { Icon, type IconName } from '../design/icon.tsx';
import type { PlaySession } from '../session/play-session.ts';
import { text } from '../texts.ts';
import { RATES, type Actions } from './actions.ts';
import { ChoiceMenu } from './choice-menu.tsx';
import type { Engine } from './engine.ts';
import { SEEK_STEP_S } from './keyboard.ts';
import { SeekBar } from './seek-bar.tsx';
import { automaticLabel, type Choice, type TrackLists } from './tracks.ts';
import { useFullscreen } from './use-fullscreen.ts';
import type { VideoState } from './video-state.ts';
import { Volume } from './volume.tsx';

type ControlsProps = {
  play: PlaySession;
  state: VideoState;
  tracks: TrackLists;
  actions: Actions;
  engine: Engine | undefined;
  leave: () => void;
  openHelp: () => void;
};

/** The bars over the picture: name and way back above, time and choices below. */
export function Controls({ play, state, tracks, actions, engine, leave, openHelp }: ControlsProps): ReactNode {
  const fullscreen = useFullscreen();
  return (
    <div className="controls">
      <div className="controls-top">
        <ControlButton icon="back" label={text('player.back')} press={leave} />
        <p className="controls-name">
          <bdi>{play.session.titleName}</bdi>
        </p>
        <ControlButton icon="help" label={text('player.keyboardHelp')} press={openHelp} className="wide-only" />
      </div>
      <div className="controls-bottom">
        <SeekBar play={play} state={state} seekTo={actions.seekTo} />
        <div className="controls-row">
          <div className="controls-transport">
            <ControlButton icon="back10" label={text('player.back10')} press={() => actions.seekBy(-SEEK_STEP_S)} />
            <ControlButton
              icon={state.paused ? 'play' : 'pause'}
              label={state.paused ? text('player.play') : text('player.pause')}
              press={actions.togglePlay}
              className="control-main"
            />
            <ControlButton icon="forward10" label={text('player.forward10')} press={() => actions.seekBy(SEEK_STEP_S)} />
          </div>
          <Volume state={state} actions={actions} />
          <p className="controls-time">
            {clock(state.positionMs)} <span>/ {clock(Math.round(state.durationMs / 1000) * 1000)}</span>
          </p>
          <Choices state={state} tracks={tracks} actions={actions} engine={engine} />
          {document.pictureInPictureEnabled ? (
            <ControlButton
              icon="pip"
              label={text('player.pictureInPicture')}
              press={actions.togglePictureInPicture}
              className="wide-only"
            />
          ) : null}
          <ControlButton
            icon={fullscreen ? 'exitFullscreen' : 'fullscreen'}
            label={fullscreen ? text('player.exitFullscreen') : text('player.fullscreen')}
            press={actions.toggleFullscreen}
          />
        </div>
      </div>
    </div>
  );
}

type ChoicesProps = Pick<ControlsProps, 'state' | 'tracks' | 'actions' | 'engine'>;

/** The menus. One without a choice is not shown. */
function Choices({ state, tracks, actions, engine }: ChoicesProps): ReactNode {
  const captions = useMemo<readonly Choice[]>(
    () => [{ key: '', label: text('player.captionsOff'), active: !tracks.text.some((track) => track.active) }, ...tracks.text],
    [tracks],
  );
  const qualities = useMemo<readonly Choice[]>(
    () => [
      { key: 'auto', label: automaticLabel(tracks), active: tracks.automatic },
      ...tracks.heights.map((height) => ({
        key: String(height),
        label: qualityName(height),
        active: !tracks.automatic && height === tracks.activeHeight,
      })),
    ],
    [tracks],
  );
  const rates = RATES.map((rate) => ({
    key: String(rate),
    label: rate === 1 ? text('player.speedNormal') : `${rate}×`,
    active: rate === state.rate,
  }));
  return (
    <div className="controls-choices">
      {tracks.text.length > 0 ? (
        <ChoiceMenu
          icon="captions"
          label={text('player.captions')}
          choices={captions}
          choose={(key) => engine?.chooseText(key === '' ? undefined : key)}
        />
      ) : null}
      {tracks.audio.length > 1 ? (
        <ChoiceMenu icon="audio" label={text('player.audio')} choices={tracks.audio} choose={(key) => engine?.chooseAudio(key)} />
      ) : null}
      {tracks.heights.length > 0 ? (
        <ChoiceMenu
          icon="quality"
          label={text('player.quality')}
          choices={qualities}
          choose={(key) => engine?.chooseQuality(key === 'auto' ? 'auto' : Number(key))}
        />
      ) : null}
      <ChoiceMenu icon="speed" label={text('player.speed')} choices={rates} choose={(key) => actions.setRate(Number(key))} />
    </div>
  );
}

type ControlButtonProps = { icon: IconName; label: string; press: () => void; className?: string };

function ControlButton({ icon, label, press, className = '' }: ControlButtonProps): ReactNode {
  return (
    <button type="button" className={`icon-button ${className}`} aria-label={label} title={label} onClick={press}>
      <Icon name={icon} />
    </button>
  );
}
