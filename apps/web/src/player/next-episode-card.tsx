import type { ReactNode } from 'react';
import { Artwork } from '../catalogue/artwork.tsx';
import { Icon } from '../design/icon.tsx';
import { useHouse } from '../member/member-context.tsx';
import { text } from '../texts.ts';
import type { NextEpisode } from './use-next-episode.ts';

type NextEpisodeCardProps = { next: NextEpisode; secondsLeft: number; play: () => void; decline: () => void };

/** Near the end of an episode: what comes, when, and the way to have it at once or not at all. */
export function NextEpisodeCard({ next, secondsLeft, play, decline }: NextEpisodeCardProps): ReactNode {
  const { api } = useHouse().doors.hosts;
  return (
    <aside className="next-episode" aria-label={text('player.nextEpisode')}>
      <Artwork api={api} path={next.backdropPath ?? ''} name={next.name} width={1280} height={720} eager />
      <div className="next-episode-words">
        <output>{text('player.nextEpisodeName', { season: next.seasonNumber ?? 1, episode: next.number ?? 1, name: next.name })}</output>
        <small aria-hidden="true">{text('player.nextIn', { seconds: secondsLeft })}</small>
        <div className="actions">
          <button type="button" className="button button-light" onClick={play}>
            <Icon name="play" />
            {text('player.playNext')}
          </button>
          <button type="button" className="button" onClick={decline}>
            {text('player.cancelNext')}
          </button>
        </div>
      </div>
    </aside>
  );
}
