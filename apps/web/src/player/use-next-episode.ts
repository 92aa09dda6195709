import { useEffect, useState } from 'react';
import { operation } from '../graph/operation.ts';
import { useHouse } from '../member/member-context.tsx';
import nextEpisode from './next-episode.graphql';

export type NextEpisode = {
  readonly id: string;
  readonly name: string;
  readonly number: number | null;
  readonly seasonNumber: number | null;
  readonly backdropPath: string | null;
};

const NEXT = operation<{ readonly title: { readonly nextEpisode: NextEpisode | null } | null }, { readonly id: string }>(nextEpisode);

/** The episode after this one that can be played; null for films, at the end of a series, and as long as it is not known. */
export function useNextEpisode(titleId: string): NextEpisode | null {
  const { doors, settings } = useHouse();
  const [next, setNext] = useState<NextEpisode | null>(null);
  useEffect(() => {
    if (settings.members === 'none') return undefined;
    const leaving = new AbortController();
    doors
      .ask(NEXT, { id: titleId }, { signal: leaving.signal, partly: true })
      .then(({ title }) => setNext(title?.nextEpisode ?? null))
      // The film plays without; it just ends.
      .catch(() => undefined);
    return () => leaving.abort();
  }, [doors, settings, titleId]);
  return next;
}
