import type { Refusal } from '@bioscope/playback/contract';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Icon } from '../design/icon.tsx';
import { RefusalPanel } from '../refusal/refusal-panel.tsx';
import { text } from '../texts.ts';
import type { Actions } from './actions.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { TroubleCause } from './recovery.ts';

/** A button that takes the keyboard when it appears: what just happened has one obvious answer. */
function FirstButton({ icon, label, press }: { icon: 'restart' | 'play'; label: string; press: () => void }): ReactNode {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  return (
    <button ref={button} type="button" className="button button-light" onClick={press}>
      <Icon name={icon} />
      {label}
    </button>
  );
}

type TroubleProps = { because: TroubleCause | 'unsupported'; refusal: Refusal | undefined; retry: () => void; home: () => void };

/** The film cannot go on: why, and what can be done. */
export function TroubleOverlay({ because, refusal, retry, home }: TroubleProps): ReactNode {
  if (because === 'refused' && refusal !== undefined)
    return (
      <section className="player-overlay player-overlay-full">
        <RefusalPanel refusal={refusal} retry={retry} lead={text('player.cannotPlay')} />
      </section>
    );
  return (
    <section className="player-overlay player-overlay-full" role="alert">
      <h2>{text('player.cannotPlay')}</h2>
      <p>{troubleText(because)}</p>
      <div className="actions">
        {because === 'unsupported' ? null : <FirstButton icon="restart" label={text('action.retry')} press={retry} />}
        <button type="button" className="button" onClick={home}>
          {text('player.allFilms')}
        </button>
      </div>
    </section>
  );
}

function troubleText(because: TroubleProps['because']): string {
  switch (because) {
    case 'refused':
      return text('player.sessionOver');
    case 'unreachable':
      return text('player.unreachable');
    case 'broken':
      return text('player.brokenFilm');
    case 'unsupported':
      return text('player.unsupported');
    default:
      return because satisfies never;
  }
}

type EndedProps = { name: string; actions: Actions; home: () => void; playNext: (() => void) | undefined };

export function EndedOverlay({ name, actions, home, playNext }: EndedProps): ReactNode {
  const again = (): void => {
    actions.seekTo(0);
    actions.togglePlay();
  };
  return (
    <section className="player-overlay player-overlay-ended" aria-label={text('player.ended')}>
      <p>{text('player.ended')}</p>
      <h2>
        <bdi>{name}</bdi>
      </h2>
      <div className="actions">
        {playNext === undefined ? null : <FirstButton icon="play" label={text('player.nextEpisode')} press={playNext} />}
        <EndButton first={playNext === undefined} label={text('player.watchAgain')} press={again} />
        <button type="button" className="button" onClick={home}>
          {text('player.allFilms')}
        </button>
      </div>
    </section>
  );
}

function EndButton({ first, label, press }: { first: boolean; label: string; press: () => void }): ReactNode {
  if (first) return <FirstButton icon="restart" label={label} press={press} />;
  return (
    <button type="button" className="button" onClick={press}>
      <Icon name="restart" />
      {label}
    </button>
  );
}

export function HelpOverlay({ close }: { close: () => void }): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current;
    // A modal dialog of the browser keeps the focus inside and closes on Escape by itself.
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog ref={dialog} className="help" aria-labelledby="help-name" onClose={close}>
      <header>
        <h2 id="help-name">{text('player.keyboardHelp')}</h2>
        <button type="button" className="icon-button" aria-label={text('player.close')} onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      <dl>
        {shortcuts().map(([keys, effect]) => (
          <div key={keys}>
            <dt>
              <kbd dir="ltr">{keys}</kbd>
            </dt>
            <dd>{effect}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  );
}

/** What is printed on keyboards of the language, and what the keys do. */
function shortcuts(): [keys: string, effect: string][] {
  return [
    [`${text('keyName.space')}, K`, text('keys.playOrPause')],
    ['← →, J L', text('keys.seek')],
    ['0 – 9', text('keys.tenth')],
    [`${text('keyName.home')}, ${text('keyName.end')}`, text('keys.ends')],
    ['↑ ↓', text('keys.volume')],
    ['M', text('keys.mute')],
    ['C', text('keys.captions')],
    ['F', text('keys.fullscreen')],
    ['P', text('keys.pictureInPicture')],
    ['< >', text('keys.speed')],
    [`${text('keyName.shift')} + D`, text('keys.diagnostics')],
    ['?', text('keys.help')],
    [text('keyName.escape'), text('keys.close')],
  ];
}

const DIAGNOSTICS_EVERY_MS = 500;

export function DiagnosticsOverlay({ read }: { read: () => Diagnostics | undefined }): ReactNode {
  const [reading, setReading] = useState(read);
  useEffect(() => {
    const timer = setInterval(() => setReading(read()), DIAGNOSTICS_EVERY_MS);
    return () => clearInterval(timer);
  }, [read]);
  return (
    <aside className="diagnostics" aria-label={text('player.diagnostics')}>
      <dl>
        {Object.entries(reading ?? {}).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{name === 'tokenExpiresAtMs' ? new Date(Number(value)).toISOString() : String(value)}</dd>
          </div>
        ))}
      </dl>
    </aside>
  );
}
