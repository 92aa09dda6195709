import { parseTitleRemoved } from '@bioscope/catalog/contract';
import type { LogRecord } from '@bioscope/log';

import type { PlaybackParts } from './context.ts';

/** A removed title's sessions get no further token, and nobody is shown a bookmark in it. May be repeated. */
export async function forgetRemovedTitles({ store }: Pick<PlaybackParts, 'store'>, records: readonly LogRecord[]): Promise<void> {
  for (const record of records) {
    if (record.type !== 'title.removed') continue;
    const { titleId } = parseTitleRemoved(record.value);
    await store.markRemoved(titleId);
    await store.deleteBookmarksOf(titleId);
  }
}
