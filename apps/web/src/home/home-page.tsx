import type { ReactNode } from 'react';
import { PageFrame } from '../catalogue/page-frame.tsx';
import { genreName } from '../cards/genre-name.ts';
import { ContinueCard } from '../cards/continue-card.tsx';
import { PosterCard } from '../cards/poster-card.tsx';
import { Row } from '../cards/row.tsx';
import { Problem } from '../design/problem.tsx';
import { useHouse } from '../member/member-context.tsx';
import { text } from '../texts.ts';
import { Billboard } from './billboard.tsx';
import type { HomeContent, HomeRow, RowName } from './home-content.ts';
import { HomeSkeleton } from './home-skeleton.tsx';
import { useHome } from './use-home.ts';

/** The first page of a profile. */
export function HomePage(): ReactNode {
  const { doors } = useHouse();
  const { remote, retry } = useHome(doors);
  return (
    <PageFrame documentTitle={text('home.documentTitle')}>
      {remote.kind === 'loading' ? <HomeSkeleton /> : null}
      {remote.kind === 'failed' ? <Problem error={remote.error} retry={retry} /> : null}
      {remote.kind === 'ready' ? <Content content={remote.value} stale={remote.stale} /> : null}
    </PageFrame>
  );
}

function Content({ content: { billboard, rows }, stale }: { content: HomeContent; stale: boolean }): ReactNode {
  if (billboard === undefined && rows.length === 0)
    return (
      <section className="problem">
        <h1>{text('home.emptyForProfile')}</h1>
      </section>
    );
  return (
    <>
      {stale ? <output className="stale-note">{text('home.stale')}</output> : null}
      {billboard === undefined ? (
        <h1 className="visually-hidden">{text('app.name')}</h1>
      ) : (
        <Billboard key={billboard.title.id} card={billboard} />
      )}
      <div className={billboard === undefined ? 'rows rows-alone' : 'rows'}>
        {rows.map((row, place) => (
          <HomeRowCards key={row.id} row={row} eager={place < ROWS_IN_SIGHT} />
        ))}
      </div>
    </>
  );
}

/** Their pictures are asked for at once. */
const ROWS_IN_SIGHT = 1;

function HomeRowCards({ row, eager }: { row: HomeRow; eager: boolean }): ReactNode {
  const { api } = useHouse().doors.hosts;
  const isContinue = row.name.kind === 'continue';
  return (
    <Row name={<bdi>{rowWords(row.name)}</bdi>} kind={isContinue ? 'wide' : 'posters'}>
      {row.cards.map((card) => (
        <li key={card.title.id}>
          {isContinue ? <ContinueCard card={card} api={api} eager={eager} /> : <PosterCard card={card} api={api} eager={eager} />}
        </li>
      ))}
    </Row>
  );
}

function rowWords(name: RowName): string {
  switch (name.kind) {
    case 'continue':
      return text('row.continueWatching');
    case 'list':
      return text('row.myList');
    case 'new':
      return text('row.new');
    case 'popular':
      return text('row.popular');
    case 'because':
      return text('row.becauseYouWatched', { title: name.title });
    case 'genre':
      return genreName(name.genre);
    default:
      return name satisfies never;
  }
}
