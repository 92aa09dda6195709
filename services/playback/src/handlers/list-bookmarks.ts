import type { MessageInitShape } from '@bufbuild/protobuf';

import type { ListBookmarksRequest, ListBookmarksResponseSchema } from '../../contract/index.ts';
import type { RequestContext } from '@bioscope/rpc';
import type { PlaybackParts } from './context.ts';
import { requireViewer } from './requests.ts';

/** More than a viewer scrolls through. */
const BOOKMARKS_TOLD_MAX = 500;

export async function listBookmarks(
  { store, members }: Pick<PlaybackParts, 'store' | 'members'>,
  request: ListBookmarksRequest,
  context: RequestContext,
): Promise<MessageInitShape<typeof ListBookmarksResponseSchema>> {
  // The gateway's callers are members themselves; other units say whom they mean.
  const isMember = members !== null && context.caller === 'gateway';
  const whose = isMember ? members.asks(context).profileId : requireViewer(request.viewerId);
  if (isMember && whose === '') return { bookmarks: [] };
  const bookmarks = await store.listBookmarks(whose);
  const newestFirst = [...bookmarks].sort((one, other) => other.updatedAtMs - one.updatedAtMs || (one.titleId < other.titleId ? -1 : 1));
  return { bookmarks: newestFirst.slice(0, BOOKMARKS_TOLD_MAX) };
}
