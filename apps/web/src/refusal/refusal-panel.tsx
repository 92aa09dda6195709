import type { Refusal } from '@bioscope/playback/contract';
import { useEffect, useRef, type ReactNode } from 'react';
import { useWho } from '../member/member-context.tsx';
import { goTo, pathOf } from '../router.ts';
import { refusalText } from '../session/refusal-text.ts';
import { liftText, refusalWords, text } from '../texts.ts';
import { waysOut, type WayOut } from './ways-out.ts';
import { WhichDevices } from './which-devices.tsx';
import { WhoWatches } from './who-watches.tsx';

type RefusalPanelProps = {
  refusal: Refusal;
  retry: () => void;
  /** What it stopped, where that is not plain. */
  lead?: string;
};

/** Why something cannot be watched, and what would lift that: each way out is a button, other screens can be stopped and other devices signed out at once. */
export function RefusalPanel({ refusal, retry, lead }: RefusalPanelProps): ReactNode {
  const who = useWho();
  const isKids = who.kind === 'member' && (who.profile?.isKids ?? false);
  const crowded = refusal.because === 'device_limit' && who.kind === 'member' && !isKids ? who : null;
  const isListed = crowded !== null || refusal.streams.length > 0;
  const ways = waysOut(refusal.lifts, { isKids }).filter(({ lift }) => crowded === null || lift !== 'remove_a_device');
  const panel = useRef<HTMLDivElement>(null);
  // The first is the best: to stop another screen, else the first way out.
  useEffect(() => panel.current?.querySelector('button')?.focus(), []);
  return (
    <div className="refusal" ref={panel}>
      <div className="refusal-words" role="alert">
        {lead === undefined ? null : <p>{lead}</p>}
        <h1>{refusalWords(refusal.because).title}</h1>
        <p>{refusalText(refusal)}</p>
      </div>
      {refusal.streams.length > 0 ? <WhoWatches streams={refusal.streams} stopped={retry} /> : null}
      {crowded === null ? null : <WhichDevices deviceId={crowded.deviceId} signedOut={retry} />}
      <div className="actions">
        {ways.map((way, place) => (
          <WayOutButton key={way.lift} {...way} retry={retry} isFirst={place === 0 && !isListed} />
        ))}
        {AGAIN.includes(refusal.because) ? (
          <button type="button" className="button button-light" onClick={retry}>
            {text('action.retry')}
          </button>
        ) : null}
        <button type="button" className="button" onClick={() => goTo(pathOf.home)}>
          {text('player.allFilms')}
        </button>
      </div>
    </div>
  );
}

/** Playback's own: a new session may go where this one did not. */
const AGAIN = ['no_appliance', 'session_ended', 'stopped', 'not_ready', 'not_available'];

function WayOutButton({ lift, way, retry, isFirst }: WayOut & { retry: () => void; isFirst: boolean }): ReactNode {
  return (
    <button
      type="button"
      className={isFirst ? 'button button-light' : 'button'}
      onClick={() => (way.kind === 'retry' ? retry() : goTo(way.to))}
    >
      {liftText(lift) ?? text('action.continue')}
    </button>
  );
}
