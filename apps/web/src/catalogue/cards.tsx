import { TitleState, type Title } from '@bioscope/catalog/contract';
import type { Bookmark } from '@bioscope/playback/contract';
import type { ReactNode } from 'react';
import { percent, runtime } from '../design/format.ts';
import { Icon } from '../design/icon.tsx';
import { Link } from '../design/link.tsx';
import { ProgressLine } from '../design/progress-line.tsx';
import { pathOf } from '../router.ts';
import { locale, text } from '../texts.ts';
import { Artwork } from './artwork.tsx';
import { Facts } from './facts.tsx';
import { watchedShare } from './shelf.ts';

/** A film's poster. */
export function FilmCard({ title, api }: { title: Title; api: string }): ReactNode {
  return (
    <li>
      <Link to={pathOf.title(title.id)} className="card">
        <Artwork api={api} path={title.posterPath} name={title.name} width={600} height={900} />
        <span className="card-name">
          <bdi>{title.name}</bdi>
        </span>
        <Facts title={title} />
        {title.prepared < 1 ? (
          <small className="card-note">{text('home.sharpening', { percent: percent(title.prepared, locale()) })}</small>
        ) : null}
      </Link>
    </li>
  );
}

/** A film that was begun: goes straight on. */
export function ContinueCard({ title, bookmark, api }: { title: Title; bookmark: Bookmark; api: string }): ReactNode {
  const left = text('title.timeLeft', { time: runtime(Math.max(0, bookmark.durationMs - bookmark.positionMs), locale()) });
  return (
    <li>
      <Link to={pathOf.watch(title.id)} className="card card-wide" label={text('title.resumeName', { title: title.name, left })}>
        <span className="card-picture">
          <Artwork api={api} path={title.backdropPath} name={title.name} width={1280} height={720} />
          <span className="card-play">
            <Icon name="play" />
          </span>
          <ProgressLine share={watchedShare(bookmark)} />
        </span>
        <span className="card-name">
          <bdi>{title.name}</bdi>
        </span>
        <small className="card-note">{left}</small>
      </Link>
    </li>
  );
}

/** A film that cannot be watched yet: how far it is, or why it never will be. */
export function PreparingCard({ title, api }: { title: Title; api: string }): ReactNode {
  const failed = title.state === TitleState.FAILED;
  return (
    <li>
      <Link to={pathOf.title(title.id)} className="card card-wide">
        <span className="card-picture card-dim">
          <Artwork api={api} path={title.backdropPath} name={title.name} width={1280} height={720} />
        </span>
        <span className="card-name">
          <bdi>{title.name}</bdi>
        </span>
        {failed ? (
          <small className="card-note card-failure">{text('home.couldNotPrepare', { reason: title.failure })}</small>
        ) : (
          <>
            <ProgressLine share={title.prepared} label={title.name} />
            <small className="card-note">{text('home.preparingNow', { percent: percent(title.prepared, locale()) })}</small>
          </>
        )}
      </Link>
    </li>
  );
}
