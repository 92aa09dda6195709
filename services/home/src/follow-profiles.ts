import { parseProfileEvent, PROFILES_TOPIC } from '@bioscope/identity/contract';
import type { Log, LogRecord, LogSubscription } from '@bioscope/log';

import type { ListStore } from './list-store.ts';
import type { HomeStore } from './store.ts';

type Needs = { readonly store: HomeStore; readonly lists: Pick<ListStore, 'forget'> };

/** Knows profiles as identity tells of them, and forgets all of one that is removed; nothing else makes it forget. */
export function followProfiles(log: Log, needs: Needs): LogSubscription {
  return log.subscribe({ topic: PROFILES_TOPIC, group: 'home' }, async (records) => {
    for (const record of records) await takeEvent(needs, record);
  });
}

async function takeEvent({ store, lists }: Needs, { type, value }: LogRecord): Promise<void> {
  if (!TYPES.has(type)) return;
  const { profileId, accountId, maturityMax, isKids, language } = parseProfileEvent(value);
  if (type === 'profile.removed') {
    await store.forgetProfile(profileId);
    await lists.forget(profileId);
  } else await store.putFacts(profileId, { accountId, maturityCeiling: maturityMax, isKids, language });
}

/** A newer identity may tell of more. */
const TYPES: ReadonlySet<string> = new Set(['profile.created', 'profile.changed', 'profile.removed']);
