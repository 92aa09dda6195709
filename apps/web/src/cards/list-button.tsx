import type { ReactNode } from 'react';
import { Icon } from '../design/icon.tsx';
import { text } from '../texts.ts';
import type { KeptStanding } from './use-standing.ts';

/** Puts a title on the profile's list, and takes it off. */
export function ListButton({ standing }: { standing: Pick<KeptStanding, 'isInMyList' | 'setInMyList'> }): ReactNode {
  const { isInMyList, setInMyList } = standing;
  return (
    <button type="button" className="button" onClick={() => setInMyList(!isInMyList)}>
      <Icon name={isInMyList ? 'check' : 'plus'} />
      {isInMyList ? text('myList.remove') : text('myList.add')}
    </button>
  );
}
