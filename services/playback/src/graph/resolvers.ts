import DataLoader from 'dataloader';
import type { GraphContext, ResolverMap } from '@bioscope/graph';
import type { Passport } from '@bioscope/passport';
import type { RequestContext } from '@bioscope/rpc';

import type { Bookmark } from '../domain/bookmark.ts';
import type { StreamSlot } from '../domain/stream-slots.ts';
import type { PlaybackParts } from '../handlers/context.ts';
import { stopStream } from '../handlers/streams.ts';

export type PlaybackLoaders = { readonly bookmarks: DataLoader<string, Bookmark | null> };
type Context = GraphContext<Passport, PlaybackLoaders>;
type Parts = Pick<PlaybackParts, 'store' | 'members' | 'nowMs'>;

/** Above this many titles of one request, all of a profile's bookmarks are one read instead of many. */
const SINGLE_READS_MAX = 8;

/** The bookmarks of the passport's profile, loaded together. */
export function playbackLoaders({ store }: Pick<Parts, 'store'>, { profileId }: Pick<Passport, 'profileId'>): PlaybackLoaders {
  return {
    bookmarks: new DataLoader<string, Bookmark | null>(async (titleIds) => {
      if (profileId === '') return titleIds.map(() => null);
      if (titleIds.length <= SINGLE_READS_MAX) return Promise.all(titleIds.map((titleId) => store.readBookmark(profileId, titleId)));
      const all = new Map((await store.listBookmarks(profileId)).map((bookmark) => [bookmark.titleId, bookmark]));
      return titleIds.map((titleId) => all.get(titleId) ?? null);
    }),
  };
}

/** Playback's part of the graph (`schema.graphql`). */
export function playbackResolvers(parts: Parts): ResolverMap {
  return {
    Query: {
      streams: (_root: unknown, _arguments: object, { asker }: Context) => streamsOf(parts, asker),
    },
    Mutation: {
      stopStream: async (_root: unknown, { sessionId }: { sessionId: string }, { call }: { call: RequestContext }) => {
        await stopStream(parts, { sessionId }, call);
        return true;
      },
    },
    Title: {
      bookmark: ({ id }: { id: string }, _arguments: object, { loaders }: Context) => loaders.bookmarks.load(id),
    },
    Stream: {
      title: ({ titleId }: StreamSlot) => ({ id: titleId }),
      profile: ({ profileId }: StreamSlot) => ({ id: profileId }),
    },
  };
}

async function streamsOf({ members }: Parts, { accountId }: Passport): Promise<readonly StreamSlot[]> {
  return members === null || accountId === '' ? [] : members.streams.list(accountId);
}
