import { useMemo } from 'react';
import { CallError } from '../api/call-error.ts';
import type { Doors } from '../api/doors.ts';
import { useRemote, type Remote } from '../api/use-remote.ts';
import { soonThenLater } from '../cards/soon-then-later.ts';
import { operation } from '../graph/operation.ts';
import type { FullTitle, SentTitle } from './title-content.ts';
import titlePage from './title.graphql';

const TITLE = operation<SentTitle, { readonly id: string }>(titlePage);

export function useTitle({ ask }: Doors, titleId: string): { remote: Remote<FullTitle>; retry: () => void } {
  const question = useMemo(
    () => ({
      key: `title page ${titleId}`,
      ask: async (signal: AbortSignal) => {
        const { title } = await ask(TITLE, { id: titleId }, { signal, partly: true });
        if (title === null) throw new CallError('there is no such title for this profile', { failure: 'missing' });
        return title;
      },
      againAfterMs: soonThenLater(),
    }),
    [ask, titleId],
  );
  return useRemote<FullTitle>(question);
}
