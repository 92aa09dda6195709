import { useEffect, useMemo, useState, type ReactNode } from 'react';
import type { Doors } from '../api/doors.ts';
import { useRemote } from '../api/use-remote.ts';
import { Known } from '../design/trouble.tsx';
import { Page } from '../frame/page.tsx';
import { texts } from '../texts.ts';
import type { Uploads } from '../upload/open-queue.ts';
import { UploadPart } from '../upload/upload-part.tsx';
import { filmsOf } from './film.ts';
import { FilmTable } from './film-table.tsx';
import { NewSeries } from './new-series.tsx';
import { askLibrary, type Library } from './questions.ts';

/** All films, and the way in for new ones. */
export function FilmsPage({ doors, uploads }: { doors: Doors; uploads: Uploads }): ReactNode {
  const question = useMemo(() => askLibrary(doors.call), [doors]);
  const { remote, refresh } = useRemote<Library>(question);
  const [wanted, setWanted] = useState('');
  useEffect(() => uploads.onImported(refresh), [uploads, refresh]);

  return (
    <Page name={texts.films.title}>
      <UploadPart uploads={uploads} />
      <NewSeries doors={doors} />
      <Known remote={remote} retry={refresh}>
        {({ titles, works, askedAtMs }) => {
          const films = filmsOf(titles, works);
          const shown = films.filter(({ name }) => name.toLowerCase().includes(wanted.trim().toLowerCase()));
          return films.length === 0 ? (
            <p className="quiet">{texts.films.none}</p>
          ) : (
            <>
              <label className="find">
                <span className="visually-hidden">{texts.films.find}</span>
                <input type="search" placeholder={texts.films.find} value={wanted} onChange={(event) => setWanted(event.target.value)} />
              </label>
              {shown.length === 0 ? (
                <p className="quiet">{texts.films.noneFound}</p>
              ) : (
                <FilmTable films={shown} api={doors.hosts.api} nowMs={askedAtMs} />
              )}
            </>
          );
        }}
      </Known>
    </Page>
  );
}
