import { useState, type ReactNode } from 'react';
import { Icon } from '../design/icon.tsx';
import { text } from '../texts.ts';
import type { KeptStanding } from './use-standing.ts';

type ListButtonProps = { standing: Pick<KeptStanding, 'isInMyList' | 'setInMyList'>; title: string };

/** Puts a title on the profile's list, and takes it off. */
export function ListButton({ standing, title }: ListButtonProps): ReactNode {
  const { isInMyList, setInMyList } = standing;
  const [pressed, setPressed] = useState(false);
  const press = (): void => {
    setPressed(true);
    setInMyList(!isInMyList);
  };
  return (
    <>
      <button type="button" className="button" onClick={press}>
        <Icon name={isInMyList ? 'check' : 'plus'} />
        {isInMyList ? text('myList.remove') : text('myList.add')}
      </button>
      {/* For those who hear the page: what became of it. */}
      <output className="visually-hidden">
        {pressed ? (isInMyList ? text('myList.added', { title }) : text('myList.removed', { title })) : ''}
      </output>
    </>
  );
}
