import { useState, type ReactNode } from 'react';
import type { Card } from '../cards/card.ts';
import { PosterCard } from '../cards/poster-card.tsx';
import { PageFrame } from '../catalogue/page-frame.tsx';
import { Icon } from '../design/icon.tsx';
import { Problem } from '../design/problem.tsx';
import { PosterSkeletons } from '../home/home-skeleton.tsx';
import { useHouse } from '../member/member-context.tsx';
import { text } from '../texts.ts';
import { useMyList, type MyList } from './use-my-list.ts';

/** What the profile wants to watch later, in its own order. */
export default function MyListPage(): ReactNode {
  const { doors } = useHouse();
  const list = useMyList(doors.ask);
  return (
    <PageFrame documentTitle={text('app.pageName', { page: text('myList.heading') })}>
      {list.remote.kind === 'failed' ? <Problem error={list.remote.error} retry={list.retry} /> : <ListOf list={list} />}
    </PageFrame>
  );
}

function ListOf({ list }: { list: MyList }): ReactNode {
  const [arranging, setArranging] = useState(false);
  const { remote, cards } = list;
  const isEmpty = remote.kind === 'ready' && cards.length === 0;
  if (isEmpty)
    return (
      <section className="problem">
        <h1>{text('myList.emptyTitle')}</h1>
        <p>{text('myList.emptyText')}</p>
      </section>
    );
  return (
    <section className="browse">
      <header className="browse-head">
        <h1>{text('myList.heading')}</h1>
        {cards.length === 0 ? null : (
          <>
            <p>{text('myList.count', { count: cards.length })}</p>
            <button type="button" className="button" aria-expanded={arranging} onClick={() => setArranging(!arranging)}>
              {arranging ? text('action.done') : text('action.edit')}
            </button>
          </>
        )}
      </header>
      {list.failed ? <p role="alert">{text('problem.busy.text')}</p> : null}
      {remote.kind === 'loading' ? <PosterSkeletons count={6} /> : null}
      <ol className="poster-grid">
        {cards.map((card, place) => (
          <ListedCard
            key={card.title.id}
            card={card}
            list={list}
            arranging={arranging}
            isFirst={place === 0}
            isLast={place === cards.length - 1}
          />
        ))}
      </ol>
    </section>
  );
}

type ListedCardProps = { card: Card; list: MyList; arranging: boolean; isFirst: boolean; isLast: boolean };

function ListedCard({ card, list, arranging, isFirst, isLast }: ListedCardProps): ReactNode {
  const { api } = useHouse().doors.hosts;
  const { id, name } = card.title;
  return (
    <li>
      <PosterCard card={card} api={api} />
      {arranging ? (
        <div className="list-tools">
          {/* Not disabled at the ends: the keyboard would fall off the button that it just pressed. */}
          <button
            type="button"
            className="icon-button"
            aria-disabled={isFirst}
            aria-label={text('myList.earlier', { title: name })}
            onClick={() => list.move(id, -1)}
          >
            <Icon name="back" />
          </button>
          <button
            type="button"
            className="icon-button icon-turned"
            aria-disabled={isLast}
            aria-label={text('myList.later', { title: name })}
            onClick={() => list.move(id, 1)}
          >
            <Icon name="back" />
          </button>
          <button
            type="button"
            className="icon-button"
            aria-label={text('myList.removeName', { title: name })}
            onClick={() => list.remove(id)}
          >
            <Icon name="close" />
          </button>
        </div>
      ) : null}
    </li>
  );
}
