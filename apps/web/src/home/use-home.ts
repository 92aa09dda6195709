import { useMemo } from 'react';
import type { Doors } from '../api/doors.ts';
import { useRemote, type Remote } from '../api/use-remote.ts';
import { soonThenLater } from '../cards/soon-then-later.ts';
import { operation } from '../graph/operation.ts';
import { readHome, type HomeContent, type SentHome } from './home-content.ts';
import home from './home.graphql';

const HOME = operation<SentHome, { readonly titlesPerRow: number }>(home);
/** Three screens of a television; who wants more of a kind searches. */
const TITLES_PER_ROW = 24;

export function useHome({ ask }: Doors): { remote: Remote<HomeContent>; retry: () => void } {
  const question = useMemo(
    () => ({
      key: 'home',
      ask: async (signal: AbortSignal) => readHome(await ask(HOME, { titlesPerRow: TITLES_PER_ROW }, { signal, partly: true })),
      againAfterMs: soonThenLater(),
    }),
    [ask],
  );
  return useRemote<HomeContent>(question);
}
