import type { ReactNode } from 'react';
import { Icon } from '../design/icon.tsx';
import { text } from '../texts.ts';
import type { Actions } from './actions.ts';
import { VOLUME_STEP } from './keyboard.ts';
import type { VideoState } from './video-state.ts';

export function Volume({ state, actions }: { state: VideoState; actions: Actions }): ReactNode {
  const loudness = state.muted ? 0 : state.volume;
  const label = state.muted ? text('player.unmute') : text('player.mute');
  return (
    <div className="volume">
      <button type="button" className="icon-button" aria-label={label} title={label} onClick={actions.toggleMute}>
        <Icon name={state.muted ? 'muted' : 'volume'} />
      </button>
      <input
        type="range"
        min={0}
        max={1}
        step={VOLUME_STEP}
        value={loudness}
        aria-label={text('player.volume')}
        style={{ '--filled': `${loudness * 100}%` }}
        onChange={(event) => actions.setVolume(event.target.valueAsNumber)}
      />
    </div>
  );
}
