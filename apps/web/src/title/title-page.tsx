import { useEffect, type ReactNode } from 'react';
import { maturityWords, playWords } from '../cards/card-words.ts';
import { wayToPlay, watchedShare, type Standing } from '../cards/card.ts';
import { FactsLine } from '../cards/facts-line.tsx';
import { ListButton } from '../cards/list-button.tsx';
import { Thumbs } from '../cards/thumbs.tsx';
import { useStanding } from '../cards/use-standing.ts';
import { Artwork } from '../catalogue/artwork.tsx';
import { PageFrame } from '../catalogue/page-frame.tsx';
import { qualityName, runtime } from '../design/format.ts';
import { Icon } from '../design/icon.tsx';
import { Link } from '../design/link.tsx';
import { Problem } from '../design/problem.tsx';
import { ProgressLine } from '../design/progress-line.tsx';
import { useHouse } from '../member/member-context.tsx';
import { goTo, pathOf } from '../router.ts';
import { locale, refusalWords, text } from '../texts.ts';
import { Seasons } from './seasons.tsx';
import { TitleCredits } from './title-credits.tsx';
import { UNTOUCHED, type FullTitle } from './title-content.ts';
import { TitleSkeleton } from './title-skeleton.tsx';
import { useTitle } from './use-title.ts';

/** All about a film or a series, and the ways into it. */
export function TitlePage({ titleId }: { titleId: string }): ReactNode {
  const { doors } = useHouse();
  const { remote, retry } = useTitle(doors, titleId);
  const name = remote.kind === 'ready' ? remote.value.name : text('title.loading');
  return (
    <PageFrame documentTitle={text('app.pageName', { page: name })}>
      {remote.kind === 'loading' ? <TitleSkeleton /> : null}
      {remote.kind === 'failed' ? <Problem error={remote.error} retry={retry} /> : null}
      {remote.kind === 'ready' ? <PageOf title={remote.value} /> : null}
    </PageFrame>
  );
}

/** An episode or season is looked at in its series. */
function PageOf({ title }: { title: FullTitle }): ReactNode {
  const seriesId = title.series?.id;
  useEffect(() => {
    if (seriesId !== undefined) goTo(pathOf.title(seriesId), 'replace');
  }, [seriesId]);
  return seriesId === undefined ? <TitleDetails title={title} /> : <TitleSkeleton />;
}

function TitleDetails({ title }: { title: FullTitle }): ReactNode {
  const { api } = useHouse().doors.hosts;
  return (
    <article className="title">
      <div className="title-backdrop">
        <Artwork api={api} path={title.backdropPath ?? ''} name={title.name} width={1280} height={720} eager />
      </div>
      <div className="title-sheet">
        <div className="title-poster">
          <Artwork api={api} path={title.posterPath ?? ''} name={title.name} width={600} height={900} eager />
        </div>
        <div className="title-words">
          <h1>
            <bdi>{title.name}</bdi>
          </h1>
          <FactsLine facts={detailedFacts(title)} />
          <WaysIn title={title} />
          <p className="synopsis">
            <bdi>{title.synopsis || title.synopsisShort}</bdi>
          </p>
          <TitleCredits title={title} />
        </div>
      </div>
      <Seasons title={title} />
    </article>
  );
}

function detailedFacts({ year, kind, seasons, maturity, isRated, durationMs, heightMax }: FullTitle): string[] {
  return [
    year === null ? '' : String(year),
    isRated ? maturityWords(maturity) : text('title.maturityUnrated'),
    kind === 'SERIES' ? text('title.seasons', { count: seasons.length }) : '',
    kind !== 'SERIES' && durationMs > 0 ? runtime(durationMs, locale()) : '',
    heightMax === null ? '' : qualityName(heightMax),
  ].filter((fact) => fact !== '');
}

/** Play or go on, the list, the thumbs. */
function WaysIn({ title }: { title: FullTitle }): ReactNode {
  const { doors } = useHouse();
  const card: Standing = title.card ?? UNTOUCHED;
  const standing = useStanding(doors.ask, title.id, card);
  const way = wayToPlay(card);
  return (
    <div className="title-way-in">
      <div className="actions">
        {way === undefined ? null : (
          <Link to={pathOf.watch(way.playId)} className="button button-light">
            <Icon name="play" />
            {playWords(way, card.positionMs)}
          </Link>
        )}
        {way === undefined || card.positionMs === 0 ? null : (
          <Link to={pathOf.watchFromStart(way.playId)} className="button">
            <Icon name="restart" />
            {text('title.fromStart')}
          </Link>
        )}
        <ListButton standing={standing} title={title.name} />
        <Thumbs standing={standing} />
      </div>
      {card.positionMs > 0 ? <ProgressLine share={watchedShare(card)} /> : null}
      {way === undefined ? <p className="title-notice">{notPlayable(title)}</p> : null}
      {standing.failed ? (
        <p className="title-notice" role="alert">
          {text('problem.busy.text')}
        </p>
      ) : null}
    </div>
  );
}

function notPlayable({ state }: FullTitle): string {
  return state === 'PLAYABLE' ? text('title.noLongerAvailable') : refusalWords('not_ready').title;
}
