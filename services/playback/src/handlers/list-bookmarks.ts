import type { MessageInitShape } from '@bufbuild/protobuf';

import type { ListBookmarksRequest, ListBookmarksResponseSchema } from '../../contract/index.ts';
import type { PlaybackParts } from './context.ts';
import { requireViewer } from './requests.ts';

/** More than a viewer scrolls through. */
const BOOKMARKS_TOLD_MAX = 500;

export async function listBookmarks(
  { store }: Pick<PlaybackParts, 'store'>,
  request: ListBookmarksRequest,
): Promise<MessageInitShape<typeof ListBookmarksResponseSchema>> {
  const bookmarks = await store.listBookmarks(requireViewer(request.viewerId));
  const newestFirst = [...bookmarks].sort((one, other) => other.updatedAtMs - one.updatedAtMs || (one.titleId < other.titleId ? -1 : 1));
  return { bookmarks: newestFirst.slice(0, BOOKMARKS_TOLD_MAX) };
}
