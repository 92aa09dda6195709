import { useEffect, useRef, useState, type ReactNode } from 'react';
import { PosterCard } from '../cards/poster-card.tsx';
import { PageFrame } from '../catalogue/page-frame.tsx';
import { Icon } from '../design/icon.tsx';
import { Link } from '../design/link.tsx';
import { useHouse } from '../member/member-context.tsx';
import { pathOf } from '../router.ts';
import { text } from '../texts.ts';
import type { SearchView } from './searcher.ts';
import { useSearch, type Found, type FoundPerson } from './use-search.ts';

/** As the service takes it (services/home). */
const QUERY_CHARS_MAX = 200;

/** Titles and people, found while somebody types. */
export default function SearchPage(): ReactNode {
  const { doors } = useHouse();
  const [first] = useState(() => new URLSearchParams(window.location.search).get('q') ?? '');
  const [typed, setTyped] = useState(first);
  const { view, searcher } = useSearch(doors.ask, first);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const type = (query: string): void => {
    setTyped(query);
    searcher.type(query);
    // Whoever comes back from a title finds what they looked for; nobody wants to go back key by key.
    const address = query.trim() === '' ? pathOf.search : `${pathOf.search}?q=${encodeURIComponent(query.trim())}`;
    history.replaceState(history.state, '', address);
  };
  return (
    <PageFrame documentTitle={text('app.pageName', { page: text('search.heading') })}>
      <section className="browse">
        <h1 className="visually-hidden">{text('search.heading')}</h1>
        <search>
          <form
            className="search-field"
            onSubmit={(event) => {
              event.preventDefault();
              searcher.again();
            }}
          >
            <Icon name="search" />
            <input
              ref={field}
              type="search"
              enterKeyHint="search"
              autoComplete="off"
              spellCheck={false}
              maxLength={QUERY_CHARS_MAX}
              aria-label={text('search.field')}
              placeholder={text('search.field')}
              value={typed}
              onChange={(event) => type(event.target.value)}
            />
            {typed === '' ? null : (
              <button
                type="button"
                className="icon-button"
                aria-label={text('search.clear')}
                onClick={() => {
                  type('');
                  field.current?.focus();
                }}
              >
                <Icon name="close" />
              </button>
            )}
          </form>
        </search>
        <Results view={view} again={() => searcher.again()} />
      </section>
    </PageFrame>
  );
}

function Results({ view, again }: { view: SearchView<Found>; again: () => void }): ReactNode {
  const { api } = useHouse().doors.hosts;
  if (view.state === 'failed')
    return (
      <div className="browse-note" role="alert">
        <p>{text('problem.busy.text')}</p>
        <button type="button" className="button" onClick={again}>
          {text('action.retry')}
        </button>
      </div>
    );
  if (view.found === undefined) return view.state === 'idle' ? <p className="browse-note">{text('search.start')}</p> : null;
  const { query, value } = view.found;
  const count = value.cards.length + value.people.length;
  return (
    <div className={view.state === 'searching' ? 'search-results search-results-old' : 'search-results'}>
      <output className="search-count">{text('search.results', { count, query })}</output>
      {count === 0 ? <p className="browse-note">{text('search.noneText')}</p> : null}
      {value.cards.length === 0 ? null : (
        <section>
          <h2>{text('search.titles')}</h2>
          <ul className="poster-grid">
            {value.cards.map((card) => (
              <li key={card.title.id}>
                <PosterCard card={card} api={api} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {value.people.length === 0 ? null : (
        <section>
          <h2>{text('search.people')}</h2>
          <ul className="people">
            {value.people.map((person) => (
              <li key={person.id}>
                <PersonLink person={person} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function PersonLink({ person }: { person: FoundPerson }): ReactNode {
  return (
    <Link to={pathOf.person(person.id)} className="person-link">
      <Icon name="person" />
      <span>
        <span className="card-name">
          <bdi>{person.name}</bdi>
        </span>
        <small className="card-note">{person.titles.slice(0, TITLES_NAMED_MAX).join(' · ')}</small>
      </span>
    </Link>
  );
}

/** Enough to know who it is. */
const TITLES_NAMED_MAX = 3;
