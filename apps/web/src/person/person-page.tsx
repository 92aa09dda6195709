import { useMemo, type ReactNode } from 'react';
import { CallError } from '../api/call-error.ts';
import type { Doors } from '../api/doors.ts';
import { useRemote, type Remote } from '../api/use-remote.ts';
import type { Card, CardTitle, Standing } from '../cards/card.ts';
import { PosterCard } from '../cards/poster-card.tsx';
import { PageFrame } from '../catalogue/page-frame.tsx';
import { Problem } from '../design/problem.tsx';
import { operation } from '../graph/operation.ts';
import { PosterSkeletons } from '../home/home-skeleton.tsx';
import { useHouse } from '../member/member-context.tsx';
import { text } from '../texts.ts';
import { UNTOUCHED } from '../title/title-content.ts';
import personPage from './person.graphql';

type Person = { readonly id: string; readonly name: string; readonly titles: readonly (CardTitle & { readonly card: Standing | null })[] };
const PERSON = operation<{ readonly person: Person | null }, { readonly id: string }>(personPage);

/** Somebody, and all that the profile may see of theirs. */
export default function PersonPage({ personId }: { personId: string }): ReactNode {
  const { doors } = useHouse();
  const { remote, retry } = usePerson(doors, personId);
  const name = remote.kind === 'ready' ? remote.value.name : text('title.loading');
  return (
    <PageFrame documentTitle={text('app.pageName', { page: name })}>
      {remote.kind === 'failed' ? (
        <Problem error={remote.error} retry={retry} />
      ) : (
        <section className="browse">
          <h1>
            <bdi>{name}</bdi>
          </h1>
          {remote.kind === 'loading' ? (
            <PosterSkeletons count={6} />
          ) : (
            <ul className="poster-grid">
              {remote.value.titles.map((title) => (
                <li key={title.id}>
                  <PosterCard card={cardOf(title)} api={doors.hosts.api} />
                </li>
              ))}
            </ul>
          )}
        </section>
      )}
    </PageFrame>
  );
}

function cardOf({ card, ...title }: Person['titles'][number]): Card {
  return { ...(card ?? UNTOUCHED), title };
}

function usePerson({ ask }: Doors, personId: string): { remote: Remote<Person>; retry: () => void } {
  const question = useMemo(
    () => ({
      key: `person ${personId}`,
      ask: async (signal: AbortSignal) => {
        const { person } = await ask(PERSON, { id: personId }, { signal, partly: true });
        if (person === null) throw new CallError('there is nobody of this id', { failure: 'missing' });
        return person;
      },
    }),
    [ask, personId],
  );
  return useRemote<Person>(question);
}
