import type { ReactNode } from 'react';
import { Artwork } from '../catalogue/artwork.tsx';
import { runtime } from '../design/format.ts';
import { Icon } from '../design/icon.tsx';
import { Link } from '../design/link.tsx';
import { ProgressLine } from '../design/progress-line.tsx';
import { pathOf } from '../router.ts';
import { locale, text } from '../texts.ts';
import { watchedShare, type Card } from './card.ts';

/** What was begun: goes straight on. Of a series, with the episode that is due. */
export function ContinueCard({ card, api, eager = false }: { card: Card; api: string; eager?: boolean }): ReactNode {
  const { title, playId, seasonNumber, episodeNumber, episodeName } = card;
  const left = text('title.timeLeft', { time: runtime(Math.max(0, card.durationMs - card.positionMs), locale()) });
  const isEpisode = seasonNumber !== null && episodeNumber !== null;
  const next = isEpisode ? text('title.seasonEpisode', { season: seasonNumber, episode: episodeNumber, name: episodeName ?? '' }) : '';
  const note = card.positionMs > 0 ? left : '';
  return (
    <Link
      to={playId === null ? pathOf.title(title.id) : pathOf.watch(playId)}
      className="card card-wide"
      label={text('title.resumeName', { title: isEpisode ? `${title.name}, ${next}` : title.name, left })}
    >
      <span className="card-picture">
        <Artwork api={api} path={title.backdropPath ?? ''} name={title.name} width={1280} height={720} eager={eager} />
        <span className="card-play">
          <Icon name="play" />
        </span>
        <ProgressLine share={watchedShare(card)} />
      </span>
      <span className="card-name">
        <bdi>{title.name}</bdi>
      </span>
      {isEpisode ? (
        <small className="card-note">
          <bdi>{next}</bdi>
        </small>
      ) : null}
      {note === '' ? null : <small className="card-note">{note}</small>}
    </Link>
  );
}
