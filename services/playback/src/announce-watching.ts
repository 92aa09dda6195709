import type { Log } from '@bioscope/log';
import type { Logger } from '@bioscope/telemetry';

import { WATCHING_EVENT_TYPE, WATCHING_TOPIC, type Watching } from '../contract/watching.ts';
import { isFinished, resumePosition, type Bookmark } from './domain/bookmark.ts';

/** Tells others how far a profile is. Never waits and never fails: the bookmark is stored already, and the next heartbeat tells again. */
export type AnnounceWatching = (profileId: string, bookmark: Bookmark) => void;

/** What waits while the log does not answer; a report that comes on top is passed over. A few hundred bytes each. */
const UNDER_WAY_MAX = 5_000;

export function announceWatching({ log, logger }: { readonly log: Pick<Log, 'publish'>; readonly logger: Logger }): AnnounceWatching {
  let underWay = 0;
  return (profileId, bookmark) => {
    if (underWay >= UNDER_WAY_MAX) return;
    underWay += 1;
    const value = Buffer.from(JSON.stringify(watchingOf(profileId, bookmark)));
    log
      .publish(WATCHING_TOPIC, [{ key: profileId, type: WATCHING_EVENT_TYPE, value }])
      .catch((err: unknown) => logger.debug({ err }, 'how far somebody is was not announced; the next report tells'))
      .finally(() => (underWay -= 1));
  };
}

function watchingOf(profileId: string, bookmark: Bookmark): Watching {
  const { titleId, positionMs, durationMs, updatedAtMs } = bookmark;
  const stage = isFinished(bookmark) ? 'finished' : resumePosition(bookmark) > 0 ? 'begun' : 'opened';
  return { profileId, titleId, positionMs, durationMs, stage, atMs: updatedAtMs };
}
