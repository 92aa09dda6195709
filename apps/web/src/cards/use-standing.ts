import { useState } from 'react';
import type { Ask } from '../graph/ask.ts';
import type { Standing, Thumb } from './card.ts';
import { ADD_TO_MY_LIST, RATE, REMOVE_FROM_MY_LIST } from './operations.ts';

export type KeptStanding = {
  readonly isInMyList: boolean;
  readonly thumb: Thumb;
  readonly failed: boolean;
  readonly setInMyList: (isInMyList: boolean) => void;
  readonly setThumb: (thumb: Thumb) => void;
};

type Wishes = { readonly isInMyList?: boolean; readonly thumb?: Thumb };

/** List and thumbs of a title: what was pressed is shown at once, and taken back when the service could not keep it. */
export function useStanding(ask: Ask, titleId: string, known: Pick<Standing, 'isInMyList' | 'thumb'>): KeptStanding {
  const [wishes, setWishes] = useState<Wishes>({});
  const [failed, setFailed] = useState(false);
  const keep = async (wish: Wishes, send: () => Promise<unknown>): Promise<void> => {
    const before = wishes;
    setFailed(false);
    setWishes({ ...before, ...wish });
    try {
      await send();
    } catch {
      setFailed(true);
      setWishes(before);
    }
  };
  return {
    isInMyList: wishes.isInMyList ?? known.isInMyList,
    thumb: wishes.thumb ?? known.thumb,
    failed,
    setInMyList: (isInMyList) =>
      void keep({ isInMyList }, () => (isInMyList ? ask(ADD_TO_MY_LIST, { titleId }) : ask(REMOVE_FROM_MY_LIST, { titleId }))),
    setThumb: (thumb) => void keep({ thumb }, () => ask(RATE, { titleId, thumb })),
  };
}
