import { parseWatching, WATCHING_EVENT_TYPE, WATCHING_TOPIC } from '@bioscope/playback/contract';
import type { Log, LogRecord, LogSubscription } from '@bioscope/log';

import { dayOf } from './domain/popularity.ts';
import type { PopularityBoard } from './popularity-board.ts';
import type { HomeStore } from './store.ts';

type Needs = { readonly store: HomeStore; readonly popularity: Pick<PopularityBoard, 'count'> };

/** Keeps what profiles watched, and counts it. */
export function followWatching(log: Log, needs: Needs): LogSubscription {
  return log.subscribe({ topic: WATCHING_TOPIC, group: 'home' }, async (records) => {
    for (const record of records) if (record.type === WATCHING_EVENT_TYPE) await takeReport(needs, record);
  });
}

/** Counted first, then remembered as counted: after a kill in between the count knows by its offset that it was. */
async function takeReport({ store, popularity }: Needs, record: LogRecord): Promise<void> {
  const { profileId, ...report } = parseWatching(record.value);
  const before = await store.readWatched(profileId, report.titleId);
  if (before === 'removed') return;
  if (before !== null && before.atMs > report.atMs) return;
  const day = dayOf(report.atMs);
  const counts = report.stage !== 'opened' && (before === null || before.countedDay < day);
  if (counts) await popularity.count(report.titleId, report.atMs, record);
  await store.putWatched(profileId, { ...report, countedDay: counts ? day : (before?.countedDay ?? 0) });
}
