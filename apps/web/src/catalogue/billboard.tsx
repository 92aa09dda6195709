import type { Title } from '@bioscope/catalog/contract';
import type { Bookmark } from '@bioscope/playback/contract';
import type { ReactNode } from 'react';
import { Icon } from '../design/icon.tsx';
import { Link } from '../design/link.tsx';
import { pathOf } from '../router.ts';
import { text } from '../texts.ts';
import { Artwork } from './artwork.tsx';
import { Facts } from './facts.tsx';

type BillboardProps = { title: Title; bookmark: Bookmark | undefined; api: string };

/** The big picture on top of the home page. */
export function Billboard({ title, bookmark, api }: BillboardProps): ReactNode {
  const begun = bookmark !== undefined && bookmark.positionMs > 0;
  return (
    <section className="billboard" aria-labelledby="billboard-name">
      <Artwork api={api} path={title.backdropPath} name={title.name} width={1280} height={720} eager />
      <div className="billboard-words">
        <h1 id="billboard-name">
          <bdi>{title.name}</bdi>
        </h1>
        <Facts title={title} />
        <p className="synopsis">
          <bdi>{title.synopsis}</bdi>
        </p>
        <div className="actions">
          <Link to={pathOf.watch(title.id)} className="button button-light">
            <Icon name="play" />
            {begun ? text('title.resume') : text('title.play')}
          </Link>
          <Link to={pathOf.title(title.id)} className="button">
            <Icon name="info" />
            {text('title.details')}
          </Link>
        </div>
      </div>
    </section>
  );
}
