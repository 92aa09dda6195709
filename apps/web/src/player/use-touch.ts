import { useRef, useState, type MouseEvent, type PointerEvent } from 'react';
import type { Actions } from './actions.ts';
import { SEEK_STEP_S } from './keyboard.ts';
import type { Idle } from './use-idle.ts';

type Flash = { readonly id: number; readonly side: 'left' | 'right' };
export type Touch = {
  readonly onPointerUp: (event: PointerEvent<HTMLVideoElement>) => void;
  readonly onDoubleClick: (event: MouseEvent<HTMLVideoElement>) => void;
  /** The last double tap, for a short sign on the picture. */
  readonly flash: Flash | undefined;
};

const DOUBLE_TAP_MS = 300;

/** Fingers: a tap shows or hides the controls, a double tap on a side seeks. Mouse: a click plays or pauses, a double click fills the screen. */
export function useTouch(actions: Actions | undefined, idle: Idle): Touch {
  const [flash, setFlash] = useState<Flash>();
  const lastTap = useRef<{ atMs: number; side: Flash['side'] }>({ atMs: -Infinity, side: 'left' });

  const tapped = (event: PointerEvent<HTMLVideoElement>): void => {
    const side = sideOf(event);
    const isSecond = event.timeStamp - lastTap.current.atMs < DOUBLE_TAP_MS && lastTap.current.side === side;
    lastTap.current = { atMs: event.timeStamp, side };
    if (isSecond) {
      actions?.seekBy(side === 'left' ? -SEEK_STEP_S : SEEK_STEP_S);
      setFlash((before) => ({ id: (before?.id ?? 0) + 1, side }));
      return;
    }
    if (idle.hidden) idle.wake();
    else idle.rest();
  };

  return {
    flash,
    onPointerUp(event) {
      if (event.pointerType === 'touch') tapped(event);
      else if (event.button === 0) actions?.togglePlay();
    },
    onDoubleClick(event) {
      if (!(event.nativeEvent instanceof window.PointerEvent) || event.nativeEvent.pointerType !== 'touch') actions?.toggleFullscreen();
    },
  };
}

function sideOf(event: PointerEvent<HTMLVideoElement>): Flash['side'] {
  return event.clientX < window.innerWidth / 2 ? 'left' : 'right';
}
