import type { ReactNode } from 'react';
import { wayToPlay, type Card } from '../cards/card.ts';
import { factsOf, playWords } from '../cards/card-words.ts';
import { FactsLine } from '../cards/facts-line.tsx';
import { ListButton } from '../cards/list-button.tsx';
import { useStanding } from '../cards/use-standing.ts';
import { Artwork } from '../catalogue/artwork.tsx';
import { Icon } from '../design/icon.tsx';
import { Link } from '../design/link.tsx';
import { useHouse } from '../member/member-context.tsx';
import { pathOf } from '../router.ts';
import { text } from '../texts.ts';
import type { BillboardTitle } from './home-content.ts';

/** The big picture on top of the home page. */
export function Billboard({ card }: { card: Card<BillboardTitle> }): ReactNode {
  const { doors } = useHouse();
  const { title } = card;
  const standing = useStanding(doors.ask, title.id, card);
  const way = wayToPlay(card);
  return (
    <section className="billboard" aria-labelledby="billboard-name">
      <Artwork api={doors.hosts.api} path={title.backdropPath ?? ''} name={title.name} width={1280} height={720} eager />
      <div className="billboard-words">
        <h1 id="billboard-name">
          <bdi>{title.name}</bdi>
        </h1>
        <FactsLine facts={factsOf(title)} />
        <p className="synopsis">
          <bdi>{title.synopsisShort || title.synopsis}</bdi>
        </p>
        <div className="actions">
          {way === undefined ? null : (
            <Link to={pathOf.watch(way.playId)} className="button button-light">
              <Icon name="play" />
              {playWords(way)}
            </Link>
          )}
          <Link to={pathOf.title(title.id)} className="button">
            <Icon name="info" />
            {text('title.details')}
          </Link>
          <ListButton standing={standing} title={title.name} />
        </div>
      </div>
    </section>
  );
}
