import { useEffect, useState, type ReactNode } from 'react';
import { clock } from '../design/format.ts';
import { Icon } from '../design/icon.tsx';
import { text } from '../texts.ts';
import type { Actions } from './actions.ts';

// Time enough to read it twice and reach for the button.
const SHOWN_FOR_MS = 9_000;

/** Says for a while that the film went on where it stopped, and offers the beginning. */
export function ResumeNote({ startMs, actions }: { startMs: number; actions: Actions }): ReactNode {
  const [shown, setShown] = useState(true);
  useEffect(() => {
    const timer = setTimeout(() => setShown(false), SHOWN_FOR_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!shown) return null;
  const startOver = (): void => {
    actions.seekTo(0);
    setShown(false);
  };
  return (
    <div className="resume-note">
      <output>{text('player.resumedAt', { time: clock(startMs) })}</output>
      <button type="button" className="button" onClick={startOver}>
        <Icon name="restart" />
        {text('player.startOver')}
      </button>
    </div>
  );
}
