import type { ReactNode } from 'react';
import { Artwork } from '../catalogue/artwork.tsx';
import { Link } from '../design/link.tsx';
import { ProgressLine } from '../design/progress-line.tsx';
import { pathOf } from '../router.ts';
import { watchedShare, type Card } from './card.ts';
import { factsOf } from './card-words.ts';
import { FactsLine } from './facts-line.tsx';

type PosterCardProps = { card: Card; api: string; eager?: boolean };

/** A title's poster: leads to its page. */
export function PosterCard({ card, api, eager = false }: PosterCardProps): ReactNode {
  const { title } = card;
  return (
    <Link to={pathOf.title(title.id)} className="card">
      <span className="card-picture">
        <Artwork api={api} path={title.posterPath ?? ''} name={title.name} width={600} height={900} eager={eager} />
        {card.positionMs > 0 ? <ProgressLine share={watchedShare(card)} /> : null}
      </span>
      <span className="card-name">
        <bdi>{title.name}</bdi>
      </span>
      <FactsLine facts={factsOf({ ...title, durationMs: 0, heightMax: null })} />
    </Link>
  );
}
