import { useState, type ReactNode } from 'react';
import { watchedShare } from '../cards/card.ts';
import { Artwork } from '../catalogue/artwork.tsx';
import { runtime } from '../design/format.ts';
import { Icon } from '../design/icon.tsx';
import { Link } from '../design/link.tsx';
import { ProgressLine } from '../design/progress-line.tsx';
import { useHouse } from '../member/member-context.tsx';
import { pathOf } from '../router.ts';
import { locale, refusalWords, text } from '../texts.ts';
import { isSeen, seasonToOpen, type Episode, type FullTitle, type Season } from './title-content.ts';

/** The episodes of a series, a season at a time, with how far the profile is in each. Nothing for films. */
export function Seasons({ title }: { title: FullTitle }): ReactNode {
  const [chosen, setChosen] = useState('');
  const open = title.seasons.find(({ id }) => id === chosen) ?? title.seasons.find(({ id }) => id === seasonToOpen(title));
  if (open === undefined) return null;
  return (
    <section className="seasons" aria-labelledby="seasons-heading">
      <header>
        <h2 id="seasons-heading">{text('player.episodes')}</h2>
        {title.seasons.length > 1 ? (
          <label className="season-choice">
            <span className="visually-hidden">{text('title.chooseSeason')}</span>
            <select value={open.id} onChange={(event) => setChosen(event.target.value)}>
              {title.seasons.map((season) => (
                <option key={season.id} value={season.id}>
                  {seasonName(season)}
                </option>
              ))}
            </select>
          </label>
        ) : null}
      </header>
      <ol className="episodes">
        {open.episodes.map((episode) => (
          <li key={episode.id}>
            <EpisodeLine episode={episode} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function seasonName({ number, name }: Season): string {
  return name === '' ? text('title.season', { number: number ?? 1 }) : name;
}

function EpisodeLine({ episode }: { episode: Episode }): ReactNode {
  const { api } = useHouse().doors.hosts;
  const { bookmark, number, name } = episode;
  const called =
    name === '' ? text('title.episode', { number: number ?? 1 }) : number === null ? name : text('title.episodeName', { number, name });
  const words = (
    <>
      <span className="card-picture">
        <Artwork api={api} path={episode.backdropPath ?? ''} name={called} width={1280} height={720} />
        {episode.state === 'PLAYABLE' ? (
          <span className="card-play">
            <Icon name="play" />
          </span>
        ) : null}
        {bookmark !== null && bookmark.positionMs > 0 ? <ProgressLine share={watchedShare(bookmark)} /> : null}
      </span>
      <span className="episode-words">
        <span className="card-name">
          <bdi>{called}</bdi>
        </span>
        <small className="card-note">{noteOf(episode)}</small>
        <span className="episode-synopsis">
          <bdi>{episode.synopsisShort || episode.synopsis}</bdi>
        </span>
      </span>
    </>
  );
  if (episode.state !== 'PLAYABLE') return <div className="episode episode-waiting">{words}</div>;
  return (
    <Link to={pathOf.watch(episode.id)} className="card episode">
      {words}
    </Link>
  );
}

function noteOf({ state, bookmark, durationMs }: Episode): string {
  if (state !== 'PLAYABLE') return refusalWords('not_ready').title;
  if (isSeen(bookmark)) return text('title.watched');
  if (bookmark !== null && bookmark.positionMs > 0)
    return text('title.timeLeft', { time: runtime(Math.max(0, bookmark.durationMs - bookmark.positionMs), locale()) });
  return durationMs > 0 ? runtime(durationMs, locale()) : '';
}
