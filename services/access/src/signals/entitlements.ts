import { MembershipService, type GetEntitlementResponse } from '@bioscope/membership/contract';
import type { Rpc } from '@bioscope/rpc';

import { STANDINGS, type Entitlement, type Learned } from '../domain/signals.ts';
import { knownAnswers } from './known-answers.ts';
import type { SourceParts } from './sources.ts';

/** What membership says of accounts. */
export type Entitlements = {
  /** Null: membership does not answer and never told of the account. Never rejects. */
  of(accountId: string, waitMsMax: number): Promise<Learned<Entitlement> | null>;
  readonly forget: (accountId: string) => void;
};

/** A change that no event told of (the log is behind, or another process of access heard it) counts after this. */
const ENTITLED_FRESH_MS = 5_000;
/** Who has just paid does not wait for five seconds. */
const REFUSED_FRESH_MS = 500;
/** About a hundred bytes each. */
const ACCOUNTS_MAX = 100_000;

export function entitlementsFrom(rpc: Rpc, { nowMs, deadlineMs, silent }: SourceParts): Entitlements {
  const client = rpc.client(MembershipService);
  const answers = knownAnswers<Entitlement>({
    freshMs: (entitlement) => (entitlement.standing === 'entitled' ? ENTITLED_FRESH_MS : REFUSED_FRESH_MS),
    freshUntilMs: ({ changesAtMs }) => changesAtMs,
    answersMax: ACCOUNTS_MAX,
    nowMs,
    onSilence: silent('membership'),
  });
  return {
    async of(accountId, waitMsMax) {
      const learned = await answers.learn([accountId], ask, waitMsMax);
      return learned.get(accountId) ?? null;
    },
    forget: answers.forget,
  };

  async function ask([accountId = '']: readonly string[]): Promise<ReadonlyMap<string, Entitlement>> {
    const told = await client.getEntitlement({ accountId }, { deadlineMs, idempotent: true });
    return new Map([[accountId, entitlementIn(told)]]);
  }
}

function entitlementIn({
  entitled,
  reason,
  heightMax,
  streamsMax,
  downloadsMax,
  devicesMax,
  changesAtMs,
}: GetEntitlementResponse): Entitlement {
  const standing = entitled ? 'entitled' : (WHY_NOT.find((known) => known === reason) ?? 'other');
  return { standing, heightMax, streamsMax, downloadDevicesMax: downloadsMax, devicesMax, changesAtMs };
}

const WHY_NOT = STANDINGS.filter((standing) => standing !== 'entitled');
