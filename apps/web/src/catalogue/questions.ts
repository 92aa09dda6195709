import { CatalogService, TitleKind, type Title } from '@bioscope/catalog/contract';
import { PlaybackService, type Bookmark } from '@bioscope/playback/contract';
import { useMemo } from 'react';
import { CallError } from '../api/call-error.ts';
import type { Doors } from '../api/doors.ts';
import { useRemote, type Remote } from '../api/use-remote.ts';
import { refreshAfterMs } from './shelf.ts';

type Answer<T> = { remote: Remote<T>; retry: () => void };

/** What has editions; series and seasons are reached through their episodes. */
const PLAYED = [TitleKind.MOVIE, TitleKind.EPISODE];

export function useTitles({ call }: Doors): Answer<readonly Title[]> {
  const question = useMemo(
    () => ({
      key: 'titles',
      ask: async (signal: AbortSignal) => (await call(CatalogService.method.listTitles, { kinds: PLAYED }, { signal })).titles,
      againAfterMs: refreshAfterMs,
    }),
    [call],
  );
  return useRemote<readonly Title[]>(question);
}

export function useTitle({ call }: Doors, titleId: string): Answer<Title> {
  const question = useMemo(
    () => ({
      key: `title ${titleId}`,
      ask: async (signal: AbortSignal) => {
        const { title } = await call(CatalogService.method.getTitle, { titleId }, { signal });
        if (title === undefined) throw new CallError('the catalogue answered without a title', { failure: 'missing' });
        return title;
      },
      againAfterMs: (title: Title) => refreshAfterMs([title]),
    }),
    [call, titleId],
  );
  return useRemote<Title>(question);
}

const NONE: readonly Bookmark[] = [];

/** Where this viewer stopped, newest first. Empty while unknown: films can be chosen without it. */
export function useBookmarks({ call }: Doors, viewerId: string): readonly Bookmark[] {
  const question = useMemo(
    () => ({
      key: `bookmarks ${viewerId}`,
      ask: async (signal: AbortSignal) => (await call(PlaybackService.method.listBookmarks, { viewerId }, { signal })).bookmarks,
    }),
    [call, viewerId],
  );
  const { remote } = useRemote<readonly Bookmark[]>(question);
  return remote.kind === 'ready' ? remote.value : NONE;
}
