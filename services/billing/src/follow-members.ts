import type { Log, LogSubscription } from '@bioscope/log';
import { MEMBERSHIP_TOPIC } from '@bioscope/membership/contract';

import { advanceAccount } from './advance-account.ts';
import type { BillingParts } from './parts.ts';

/** Looks at an account when its clock was moved: what is due by the account's time is not waited for by the real one. */
export function followMembers(parts: BillingParts, log: Pick<Log, 'subscribe'>): LogSubscription {
  return log.subscribe({ topic: MEMBERSHIP_TOPIC, group: 'billing' }, async (records) => {
    const moved = new Set(records.filter(({ type }) => type === 'clock.advanced').map(({ key }) => key));
    for (const accountId of moved) {
      await advanceAccount(parts, accountId).catch(async (err: unknown) => {
        parts.log.warn({ err, accountId }, 'an account whose clock was moved could not be brought on; it is tried again');
        await parts.wakeups.at(accountId, parts.nowMs() + AGAIN_MS);
      });
    }
  });
}

const AGAIN_MS = 1_000;
