import { useCallback, useEffect, useRef, useState } from 'react';

export type Idle = {
  /** The controls are out of sight. */
  readonly hidden: boolean;
  readonly wake: () => void;
  /** Hides at once, for a tap on the picture. */
  readonly rest: () => void;
};

// Long enough to read the time, short enough to leave the picture alone.
const IDLE_AFTER_MS = 3_000;
const LOOK_EVERY_MS = 500;

/** Controls show while somebody moves, and stay while `hold` says so, a menu is open or a control has the keyboard. */
export function useIdle(stage: HTMLElement | null, { hold }: { hold: boolean }): Idle {
  const [resting, setResting] = useState(false);
  const lastSignMs = useRef(0);
  const held = useRef(hold);
  const wake = useCallback(() => {
    lastSignMs.current = performance.now();
    setResting(false);
  }, []);
  const rest = useCallback(() => setResting(true), []);

  useEffect(() => {
    if (stage === null) return undefined;
    const leaving = new AbortController();
    const moved = (event: PointerEvent): void => {
      // A finger's own tap logic decides; every other pointer that moves wants to see the controls.
      if (event.pointerType !== 'touch') wake();
    };
    stage.addEventListener('pointermove', moved, { signal: leaving.signal });
    stage.addEventListener('focusin', wake, { signal: leaving.signal });
    lastSignMs.current = performance.now();
    const timer = setInterval(() => {
      // While something holds them they are seen; they do not vanish the moment it lets go.
      if (held.current) lastSignMs.current = performance.now();
      if (performance.now() - lastSignMs.current > IDLE_AFTER_MS && !isInUse(stage)) setResting(true);
    }, LOOK_EVERY_MS);
    return () => {
      leaving.abort();
      clearInterval(timer);
    };
  }, [stage, wake]);

  useEffect(() => {
    held.current = hold;
  }, [hold]);

  return { hidden: resting && !hold, wake, rest };
}

function isInUse(stage: HTMLElement): boolean {
  return stage.querySelector('[role="menu"], .controls :focus-visible, .seek-bar[data-dragging]') !== null;
}
