import { useMemo, useState } from 'react';
import { useRemote, type Remote } from '../api/use-remote.ts';
import { cardsOf, type Card, type SentCard } from '../cards/card.ts';
import { REMOVE_FROM_MY_LIST } from '../cards/operations.ts';
import type { Ask } from '../graph/ask.ts';
import { operation } from '../graph/operation.ts';
import moveInMyList from './move-in-my-list.graphql';
import { moved } from './moved.ts';
import myList from './my-list.graphql';

const MY_LIST = operation<{ readonly myList: readonly SentCard[] | null }>(myList);
const MOVE = operation<{ readonly moveInMyList: object | null }, { readonly titleId: string; readonly beforeTitleId: string | null }>(
  moveInMyList,
);

export type MyList = {
  readonly remote: Remote<readonly Card[]>;
  readonly retry: () => void;
  /** As it was arranged here, also before the service knows. */
  readonly cards: readonly Card[];
  readonly failed: boolean;
  readonly move: (titleId: string, by: 1 | -1) => void;
  readonly remove: (titleId: string) => void;
};

/** The profile's list. What is arranged is shown at once; when it could not be kept, the list is as the service has it. */
export function useMyList(ask: Ask): MyList {
  const question = useMemo(
    () => ({
      key: 'my list',
      ask: async (signal: AbortSignal) => {
        const sent = await ask(MY_LIST, {}, { signal });
        return cardsOf(sent.myList ?? []);
      },
    }),
    [ask],
  );
  const { remote, retry } = useRemote<readonly Card[]>(question);
  const [order, setOrder] = useState<readonly string[]>();
  const [failed, setFailed] = useState(false);
  const cards = remote.kind === 'ready' ? arranged(remote.value, order) : [];
  const ids = cards.map(({ title }) => title.id);
  const keep = (next: readonly string[], send: () => Promise<unknown>): void => {
    setOrder(next);
    setFailed(false);
    send().catch(() => {
      setFailed(true);
      setOrder(undefined);
      retry();
    });
  };
  return {
    remote,
    retry,
    cards,
    failed,
    move(titleId, by) {
      const there = moved(ids, titleId, by);
      if (there !== undefined) keep(there.order, () => ask(MOVE, { titleId, beforeTitleId: there.beforeTitleId }));
    },
    remove(titleId) {
      keep(
        ids.filter((id) => id !== titleId),
        () => ask(REMOVE_FROM_MY_LIST, { titleId }),
      );
    },
  };
}

function arranged(cards: readonly Card[], order: readonly string[] | undefined): readonly Card[] {
  if (order === undefined) return cards;
  const byId = new Map(cards.map((card) => [card.title.id, card]));
  return order.flatMap((id) => byId.get(id) ?? []);
}
