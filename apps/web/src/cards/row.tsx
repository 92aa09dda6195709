import { useCallback, useEffect, useId, useState, type ReactNode } from 'react';
import { Icon } from '../design/icon.tsx';
import { text } from '../texts.ts';
import { endsOf, turnedBy, type Scrolled } from './row-pages.ts';

type RowProps = { name: ReactNode; kind: 'posters' | 'wide'; children: ReactNode };

/** Cards in a line that scrolls sideways: by finger, wheel and keyboard as every scrolled part does, and with a button at each end for the mouse. */
export function Row({ name, kind, children }: RowProps): ReactNode {
  const nameId = useId();
  const [list, setList] = useState<HTMLUListElement | null>(null);
  const { ends, turn } = useEnds(list);
  return (
    <section className="row" aria-labelledby={nameId}>
      <h2 id={nameId}>{name}</h2>
      <div className="row-window">
        <ul ref={setList} className={`row-line row-${kind}`}>
          {children}
        </ul>
        <RowButton side="start" label={text('row.previous')} shown={!ends.atStart} press={() => turn(-1)} />
        <RowButton side="end" label={text('row.next')} shown={!ends.atEnd} press={() => turn(1)} />
      </div>
    </section>
  );
}

type RowButtonProps = { side: 'start' | 'end'; label: string; shown: boolean; press: () => void };

/** For the mouse only: with the keyboard one walks over the cards themselves. */
function RowButton({ side, label, shown, press }: RowButtonProps): ReactNode {
  return (
    <button
      type="button"
      className={`row-button row-button-${side}`}
      tabIndex={-1}
      aria-hidden="true"
      title={label}
      hidden={!shown}
      onClick={press}
    >
      <Icon name="back" />
    </button>
  );
}

const BOTH_ENDS = { atStart: true, atEnd: true };

function useEnds(list: HTMLElement | null): { ends: typeof BOTH_ENDS; turn: (pages: 1 | -1) => void } {
  const [ends, setEnds] = useState(BOTH_ENDS);
  useEffect(() => {
    if (list === null) return undefined;
    const look = (): void => {
      const { atStart, atEnd } = endsOf(scrolled(list));
      setEnds((before) => (before.atStart === atStart && before.atEnd === atEnd ? before : { atStart, atEnd }));
    };
    list.addEventListener('scroll', look, { passive: true });
    const sizes = new ResizeObserver(look);
    sizes.observe(list);
    return () => {
      list.removeEventListener('scroll', look);
      sizes.disconnect();
    };
  }, [list]);
  const turn = useCallback(
    (pages: 1 | -1) => {
      if (list !== null) list.scrollTo({ left: turnedBy(scrolled(list), pages), behavior: 'smooth' });
    },
    [list],
  );
  return { ends, turn };
}

function scrolled(list: HTMLElement): Scrolled {
  return {
    at: list.scrollLeft,
    width: list.clientWidth,
    whole: list.scrollWidth,
    isRightToLeft: getComputedStyle(list).direction === 'rtl',
  };
}
