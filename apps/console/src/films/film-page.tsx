import { TitleKind, type Title } from '@bioscope/catalog/contract';
import { useMemo, type ReactNode } from 'react';
import type { Doors } from '../api/doors.ts';
import { useRemote } from '../api/use-remote.ts';
import { Link } from '../design/link.tsx';
import { Mark } from '../design/mark.tsx';
import { Known } from '../design/trouble.tsx';
import { Page, Part } from '../frame/page.tsx';
import { pathOf } from '../router.ts';
import { texts } from '../texts.ts';
import { ArtworkPart } from './artwork-part.tsx';
import { DescribeForm } from './describe-form.tsx';
import { isMadeOfOthers, stateOf, type Film } from './film.ts';
import { PartsList } from './parts-list.tsx';
import { PlaceForm } from './place-form.tsx';
import { Preparation } from './preparation.tsx';
import { askFilm } from './questions.ts';
import { RemovePart } from './remove-part.tsx';
import { nameOf } from './seasons.ts';
import { WindowsForm } from './windows-form.tsx';

/** One film: how its preparation stands, and everything that operators say about it. */
export function FilmPage({ doors, titleId }: { doors: Doors; titleId: string }): ReactNode {
  const question = useMemo(() => askFilm(doors.call, titleId), [doors, titleId]);
  const { remote, refresh, set } = useRemote<Film>(question);
  const back = (
    <p>
      <Link to={pathOf.films} className="back">
        {texts.film.back}
      </Link>
    </p>
  );
  if (remote.kind !== 'ready') {
    return (
      <Page name={texts.films.title} above={back}>
        <Known remote={remote} retry={refresh}>
          {() => null}
        </Known>
      </Page>
    );
  }
  const film = remote.value;
  const { title } = film;
  const changed = (next: Title | undefined): void => {
    if (next !== undefined) set({ ...film, name: next.name, title: next });
  };
  const state = stateOf(film);
  return (
    <Page
      name={title === undefined ? film.name || texts.films.untitled : nameOf(title)}
      above={back}
      aside={<Mark tone={state.tone}>{state.text}</Mark>}
    >
      <p>
        <a href={`${doors.hosts.app}/title/${titleId}`} target="_blank" rel="noreferrer">
          {texts.film.inApp}
        </a>
      </p>
      <Known remote={remote} retry={refresh}>
        {() => null}
      </Known>
      {title !== undefined && isMadeOfOthers(title) ? (
        <Part name={title.kind === TitleKind.SERIES ? texts.series.parts : texts.series.episodes} id="parts">
          <PartsList doors={doors} title={title} />
        </Part>
      ) : (
        <Part name={texts.film.preparation} id="preparation">
          <Preparation doors={doors} film={film} refresh={refresh} />
        </Part>
      )}
      {title === undefined ? null : (
        <>
          <Part name={texts.film.windows} id="windows">
            <WindowsForm doors={doors} title={title} changed={changed} />
          </Part>
          <Part name={texts.film.about} id="about">
            <DescribeForm doors={doors} title={title} changed={changed} />
          </Part>
          {isMadeOfOthers(title) ? null : (
            <Part name={texts.series.place} id="place">
              <PlaceForm doors={doors} title={title} changed={changed} />
            </Part>
          )}
          <Part name={texts.film.artwork} id="artwork">
            <ArtworkPart doors={doors} title={title} changed={changed} />
          </Part>
          <Part name={texts.film.remove} id="remove">
            <RemovePart doors={doors} title={title} />
          </Part>
        </>
      )}
    </Page>
  );
}
