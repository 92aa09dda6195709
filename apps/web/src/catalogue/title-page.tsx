import { TitleState, type Title } from '@bioscope/catalog/contract';
import type { Bookmark } from '@bioscope/playback/contract';
import { useState, type ReactNode } from 'react';
import type { Doors } from '../api/doors.ts';
import { clock, dateAndTime, percent, qualityName, runtime } from '../design/format.ts';
import { Icon } from '../design/icon.tsx';
import { Link } from '../design/link.tsx';
import { Problem } from '../design/problem.tsx';
import { ProgressLine } from '../design/progress-line.tsx';
import { pathOf } from '../router.ts';
import { locale, text } from '../texts.ts';
import { Artwork } from './artwork.tsx';
import { Facts } from './facts.tsx';
import { PageFrame } from './page-frame.tsx';
import { useBookmarks, useTitle } from './questions.ts';
import { availabilityAt, isPlayable, topHeight, watchedShare } from './shelf.ts';

type TitlePageProps = { doors: Doors; viewerId: string; titleId: string };

export function TitlePage({ doors, viewerId, titleId }: TitlePageProps): ReactNode {
  const { remote, retry } = useTitle(doors, titleId);
  const bookmark = useBookmarks(doors, viewerId).find((candidate) => candidate.titleId === titleId);
  const name = remote.kind === 'ready' ? remote.value.name : text('title.loading');
  return (
    <PageFrame documentTitle={text('app.pageName', { page: name })}>
      {remote.kind === 'loading' ? <TitleSkeleton /> : null}
      {remote.kind === 'failed' ? <Problem error={remote.error} retry={retry} /> : null}
      {remote.kind === 'ready' ? <TitleDetails title={remote.value} bookmark={bookmark} api={doors.hosts.api} /> : null}
    </PageFrame>
  );
}

function TitleDetails({ title, bookmark, api }: { title: Title; bookmark: Bookmark | undefined; api: string }): ReactNode {
  return (
    <article className="title">
      <div className="title-backdrop">
        <Artwork api={api} path={title.backdropPath} name={title.name} width={1280} height={720} eager />
      </div>
      <div className="title-sheet">
        <div className="title-poster">
          <Artwork api={api} path={title.posterPath} name={title.name} width={600} height={900} eager />
        </div>
        <div className="title-words">
          <h1>
            <bdi>{title.name}</bdi>
          </h1>
          <Facts title={title} />
          <WayIn title={title} bookmark={bookmark} />
          <p className="synopsis">
            <bdi>{title.synopsis}</bdi>
          </p>
          <Credits title={title} />
        </div>
      </div>
    </article>
  );
}

/** Play, resume, or why not. */
function WayIn({ title, bookmark }: { title: Title; bookmark: Bookmark | undefined }): ReactNode {
  const [nowMs] = useState(Date.now);
  if (title.state === TitleState.FAILED)
    return <output className="title-notice">{text('home.couldNotPrepare', { reason: title.failure })}</output>;
  if (!isPlayable(title))
    return (
      <div className="title-notice">
        <ProgressLine share={title.prepared} label={title.name} />
        <output>{text('home.preparingNow', { percent: percent(title.prepared, locale()) })}</output>
      </div>
    );
  const availability = availabilityAt(title, nowMs);
  if (availability.kind === 'later')
    return <p className="title-notice">{text('title.notAvailableYet', { date: dateAndTime(availability.fromMs, locale()) })}</p>;
  if (availability.kind === 'over') return <p className="title-notice">{text('title.noLongerAvailable')}</p>;
  const begun = bookmark !== undefined && bookmark.positionMs > 0;
  return (
    <div className="title-way-in">
      <div className="actions">
        <Link to={pathOf.watch(title.id)} className="button button-light">
          <Icon name="play" />
          {begun ? text('title.resumeAt', { time: clock(bookmark.positionMs) }) : text('title.play')}
        </Link>
        {begun ? (
          <Link to={pathOf.watchFromStart(title.id)} className="button">
            <Icon name="restart" />
            {text('title.fromStart')}
          </Link>
        ) : null}
      </div>
      {begun ? <ProgressLine share={watchedShare(bookmark)} /> : null}
      {title.prepared < 1 ? <p className="card-note">{text('home.sharpening', { percent: percent(title.prepared, locale()) })}</p> : null}
    </div>
  );
}

function Credits({ title }: { title: Title }): ReactNode {
  const rows: [string, ReactNode][] = [
    [text('title.credit'), title.credit],
    [text('title.licence'), title.licence],
    [text('title.source'), isWebAddress(title.sourceUrl) ? <SourceLink url={title.sourceUrl} /> : title.sourceUrl],
    [text('title.runtime'), title.durationMs > 0 ? runtime(title.durationMs, locale()) : ''],
    [text('title.quality'), topHeight(title) > 0 ? qualityName(topHeight(title)) : ''],
  ];
  return (
    <dl className="credits">
      {rows
        .filter(([, value]) => value !== '')
        .map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
    </dl>
  );
}

function SourceLink({ url }: { url: string }): ReactNode {
  return (
    <a href={url} rel="noreferrer noopener" target="_blank">
      {new URL(url).host}
    </a>
  );
}

/** The address comes from whoever added the film: only web addresses become links (`javascript:` would run). */
function isWebAddress(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}

function TitleSkeleton(): ReactNode {
  return (
    <div className="title" aria-busy="true">
      <h1 className="visually-hidden">{text('title.loading')}</h1>
      <div className="title-backdrop" />
      <div className="title-sheet">
        <div className="title-poster">
          <span className="skeleton skeleton-poster" />
        </div>
        <div className="title-words">
          <span className="skeleton skeleton-name" />
          <span className="skeleton skeleton-line" />
          <span className="skeleton skeleton-line" />
        </div>
      </div>
    </div>
  );
}
