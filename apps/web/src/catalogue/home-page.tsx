import type { Title } from '@bioscope/catalog/contract';
import type { Bookmark } from '@bioscope/playback/contract';
import type { ReactNode } from 'react';
import type { Doors } from '../api/doors.ts';
import { Problem } from '../design/problem.tsx';
import { text } from '../texts.ts';
import { Billboard } from './billboard.tsx';
import { ContinueCard, FilmCard, PreparingCard } from './cards.tsx';
import { PageFrame } from './page-frame.tsx';
import { useBookmarks, useTitles } from './questions.ts';
import { arrangeShelf } from './shelf.ts';

export function HomePage({ doors, viewerId }: { doors: Doors; viewerId: string }): ReactNode {
  const { remote, retry } = useTitles(doors);
  const bookmarks = useBookmarks(doors, viewerId);
  return (
    <PageFrame documentTitle={text('home.documentTitle')}>
      {remote.kind === 'loading' ? <HomeSkeleton /> : null}
      {remote.kind === 'failed' ? <Problem error={remote.error} retry={retry} /> : null}
      {remote.kind === 'ready' && remote.value.length === 0 ? <EmptyHouse /> : null}
      {remote.kind === 'ready' && remote.value.length > 0 ? (
        <Shelves titles={remote.value} bookmarks={bookmarks} api={doors.hosts.api} />
      ) : null}
    </PageFrame>
  );
}

function Shelves({ titles, bookmarks, api }: { titles: readonly Title[]; bookmarks: readonly Bookmark[]; api: string }): ReactNode {
  const shelf = arrangeShelf(titles, bookmarks);
  const { billboard } = shelf;
  return (
    <>
      {billboard === undefined ? <h1 className="visually-hidden">{text('app.name')}</h1> : null}
      {billboard === undefined ? null : (
        <Billboard title={billboard} bookmark={bookmarks.find((bookmark) => bookmark.titleId === billboard.id)} api={api} />
      )}
      <div className={billboard === undefined ? 'shelves shelves-alone' : 'shelves'}>
        <Shelf name={text('row.continueWatching')} kind="wide" count={shelf.continueWatching.length}>
          {shelf.continueWatching.map(({ title, bookmark }) => (
            <ContinueCard key={title.id} title={title} bookmark={bookmark} api={api} />
          ))}
        </Shelf>
        <Shelf name={text('home.allFilms')} kind="posters" count={shelf.films.length}>
          {shelf.films.map((title) => (
            <FilmCard key={title.id} title={title} api={api} />
          ))}
        </Shelf>
        <Shelf name={text('home.preparing')} kind="wide" count={shelf.preparing.length} hint={text('home.preparingHint')}>
          {shelf.preparing.map((title) => (
            <PreparingCard key={title.id} title={title} api={api} />
          ))}
        </Shelf>
      </div>
    </>
  );
}

type ShelfProps = { name: string; kind: 'wide' | 'posters'; count: number; hint?: string; children: ReactNode };

function Shelf({ name, kind, count, hint, children }: ShelfProps): ReactNode {
  if (count === 0) return null;
  return (
    <section className="shelf">
      <h2>{name}</h2>
      {hint === undefined ? null : <p className="shelf-hint">{hint}</p>}
      <ul className={`shelf-${kind}`}>{children}</ul>
    </section>
  );
}

/** The same in every language. */
const ADD_COMMAND = './bioscope add film.mp4';

function EmptyHouse(): ReactNode {
  return (
    <section className="empty-house">
      <h1>{text('home.emptyTitle')}</h1>
      <p>{text('home.emptyText')}</p>
      <pre>
        <code>{ADD_COMMAND}</code>
      </pre>
      <p>{text('home.emptyAfter')}</p>
    </section>
  );
}

function HomeSkeleton(): ReactNode {
  return (
    <div aria-busy="true">
      <h1 className="visually-hidden">{text('title.loading')}</h1>
      <div className="billboard billboard-waiting">
        <div className="billboard-words">
          <span className="skeleton skeleton-name" />
          <span className="skeleton skeleton-line" />
          <span className="skeleton skeleton-line" />
        </div>
      </div>
      <div className="shelves">
        <ul className="shelf-posters">
          {[1, 2, 3, 4, 5].map((place) => (
            <li key={place}>
              <span className="skeleton skeleton-poster" />
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
