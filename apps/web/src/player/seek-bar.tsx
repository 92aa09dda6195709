import { useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { clock, spokenTime } from '../design/format.ts';
import type { PlaySession } from '../session/play-session.ts';
import { locale, text } from '../texts.ts';
import { SEEK_STEP_S } from './keyboard.ts';
import { StoryboardPreview } from './storyboard-preview.tsx';
import type { VideoState } from './video-state.ts';

type SeekBarProps = { play: PlaySession; state: VideoState; seekTo: (ms: number) => void };

/** The film as a line: played, buffered, and a look ahead where the pointer, finger or keyboard is (WAI-ARIA APG, media seek slider). */
export function SeekBar({ play, state, seekTo }: SeekBarProps): ReactNode {
  const bar = useRef<HTMLDivElement>(null);
  const [pointedShare, setPointedShare] = useState<number>();
  const [dragging, setDragging] = useState(false);
  const [focused, setFocused] = useState(false);
  const durationMs = Math.max(1, state.durationMs);
  const playedShare = Math.min(1, state.positionMs / durationMs);
  const shownShare = dragging && pointedShare !== undefined ? pointedShare : playedShare;
  const previewShare = pointedShare ?? (focused ? playedShare : undefined);

  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDragging(true);
    setPointedShare(shareAt(event));
  };
  const onPointerUp = (event: PointerEvent<HTMLDivElement>): void => {
    if (!dragging) return;
    setDragging(false);
    seekTo(shareAt(event) * durationMs);
    if (event.pointerType === 'touch') setPointedShare(undefined);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = keyTarget(event.key, state.positionMs, durationMs);
    if (target === undefined) return;
    event.preventDefault();
    seekTo(target);
  };

  return (
    <div
      ref={bar}
      className="seek-bar"
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a range input can show neither buffered ranges nor a preview
      role="slider"
      tabIndex={0}
      aria-label={text('player.seek')}
      aria-valuemin={0}
      aria-valuemax={Math.round(durationMs / 1000)}
      aria-valuenow={Math.round(state.positionMs / 1000)}
      aria-valuetext={text('player.seekValue', { at: spokenTime(state.positionMs, locale()), of: spokenTime(durationMs, locale()) })}
      data-dragging={dragging ? '' : undefined}
      onPointerDown={onPointerDown}
      onPointerMove={(event) => setPointedShare(shareAt(event))}
      onPointerUp={onPointerUp}
      onPointerCancel={() => setDragging(false)}
      onPointerLeave={() => dragging || setPointedShare(undefined)}
      onKeyDown={onKeyDown}
      onFocus={(event) => setFocused(event.currentTarget.matches(':focus-visible'))}
      onBlur={() => setFocused(false)}
    >
      <span className="seek-track">
        {state.buffered.map(({ from, to }) => (
          <span key={from} className="seek-buffered" style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }} />
        ))}
        <span className="seek-played" style={{ transform: `scaleX(${shownShare})` }} />
      </span>
      <span className="seek-thumb" style={{ left: `${shownShare * 100}%` }} />
      {previewShare === undefined ? null : (
        <span className="seek-preview" style={{ '--at': `${previewShare * 100}%` }} aria-hidden="true">
          <StoryboardPreview play={play} positionMs={previewShare * durationMs} />
          <span className="seek-preview-time">{clock(previewShare * durationMs)}</span>
        </span>
      )}
    </div>
  );
}

function shareAt(event: PointerEvent<HTMLDivElement>): number {
  const box = event.currentTarget.getBoundingClientRect();
  return Math.min(Math.max((event.clientX - box.left) / Math.max(1, box.width), 0), 1);
}

/** Milliseconds that a key on the focused bar leads to; undefined for keys that are not the slider's. Up and down lead out of it, to the other controls. */
function keyTarget(key: string, positionMs: number, durationMs: number): number | undefined {
  const step = SEEK_STEP_S * 1000;
  switch (key) {
    case 'ArrowLeft':
      return positionMs - step;
    case 'ArrowRight':
      return positionMs + step;
    case 'PageDown':
      return positionMs - 6 * step;
    case 'PageUp':
      return positionMs + 6 * step;
    case 'Home':
      return 0;
    case 'End':
      return durationMs;
    default:
      return undefined;
  }
}
