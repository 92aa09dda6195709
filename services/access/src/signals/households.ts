import { IdentityService, type Account } from '@bioscope/identity/contract';
import { RpcError, type Rpc } from '@bioscope/rpc';

import type { HouseholdFacts, Learned } from '../domain/signals.ts';
import { knownAnswers } from './known-answers.ts';
import type { SourceParts } from './sources.ts';

/** What identity says of accounts and their profiles. */
export type Households = {
  /** Null: identity does not answer and never told of the account; a null value: there is no such account. Never rejects. */
  of(accountId: string, waitMsMax: number): Promise<Learned<HouseholdFacts | null> | null>;
  readonly forget: (accountId: string) => void;
};

/** PINs and ceilings that no event told of count after this. */
const FRESH_MS = 5_000;
/** Five profiles each: less than a kilobyte. */
const ACCOUNTS_MAX = 50_000;

export function householdsFrom(rpc: Rpc, { nowMs, deadlineMs, silent }: SourceParts): Households {
  const client = rpc.client(IdentityService);
  const answers = knownAnswers<HouseholdFacts | null>({
    freshMs: () => FRESH_MS,
    answersMax: ACCOUNTS_MAX,
    nowMs,
    onSilence: silent('identity'),
  });
  return {
    async of(accountId, waitMsMax) {
      const learned = await answers.learn([accountId], async () => new Map([[accountId, await household(accountId)]]), waitMsMax);
      return learned.get(accountId) ?? null;
    },
    forget: answers.forget,
  };

  async function household(accountId: string): Promise<HouseholdFacts | null> {
    try {
      const { account } = await client.getAccount({ accountId }, { deadlineMs, idempotent: true });
      return account === undefined ? null : factsOf(account);
    } catch (fault) {
      if (fault instanceof RpcError && fault.code === 'not_found') return null;
      throw fault;
    }
  }
}

function factsOf({ hasAccountPin, country, profiles }: Account): HouseholdFacts {
  return {
    hasAccountPin,
    country,
    profiles: profiles.map(({ id, maturityMax, isKids, hasPin }) => ({ id, ceiling: maturityMax, isKids, hasEntryPin: hasPin })),
  };
}
