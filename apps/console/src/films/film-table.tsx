import type { ReactNode } from 'react';
import { Bar } from '../design/bar.tsx';
import { day, runtime } from '../design/format.ts';
import { Link } from '../design/link.tsx';
import { Mark } from '../design/mark.tsx';
import { pathOf } from '../router.ts';
import { texts } from '../texts.ts';
import { isUnderWay, preparedShare, stateOf, type Film } from './film.ts';
import { placeOf } from './seasons.ts';
import { offeredText } from './windows.ts';

export function FilmTable({ films, api, nowMs }: { films: readonly Film[]; api: string; nowMs: number }): ReactNode {
  return (
    <table className="table">
      <caption className="visually-hidden">{texts.films.tableOf}</caption>
      <thead>
        <tr>
          <th scope="col">{texts.films.name}</th>
          <th scope="col">{texts.films.state}</th>
          <th scope="col" className="wide-only">
            {texts.films.offered}
          </th>
          <th scope="col" className="wide-only">
            {texts.films.length}
          </th>
          <th scope="col" className="wide-only">
            {texts.films.added}
          </th>
        </tr>
      </thead>
      <tbody>
        {films.map((film) => (
          <FilmRow key={film.id} film={film} api={api} nowMs={nowMs} />
        ))}
      </tbody>
    </table>
  );
}

function FilmRow({ film, api, nowMs }: { film: Film; api: string; nowMs: number }): ReactNode {
  const { title } = film;
  const state = stateOf(film);
  const place = title === undefined ? '' : placeOf(title);
  const poster = title?.posterPath ?? '';
  return (
    <tr>
      <th scope="row" aria-label={film.name || texts.films.untitled}>
        <span className="film-cell">
          <span className="thumb">{poster === '' ? null : <img src={`${api}${poster}`} alt="" loading="lazy" />}</span>
          <span>
            <Link to={pathOf.film(film.id)} className="film-link">
              {film.name || texts.films.untitled}
            </Link>
            {place === '' ? null : <span className="place">{place}</span>}
          </span>
        </span>
      </th>
      <td>
        <Mark tone={state.tone}>{state.text}</Mark>
        {isUnderWay(film) ? <Bar share={preparedShare(film)} label={`${texts.film.preparation}, ${film.name}`} /> : null}
        {state.because === '' ? null : <p className="because">{state.because}</p>}
      </td>
      <td className="wide-only">{title === undefined ? '–' : offeredText(title.windows, nowMs)}</td>
      <td className="wide-only">{runtime(title?.durationMs ?? 0)}</td>
      <td className="wide-only">{day(film.sinceMs)}</td>
    </tr>
  );
}
