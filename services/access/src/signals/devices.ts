import { IdentityService } from '@bioscope/identity/contract';
import { RpcError, type Rpc } from '@bioscope/rpc';

import type { DeviceRanks, Learned } from '../domain/signals.ts';
import { knownAnswers } from './known-answers.ts';
import type { SourceParts } from './sources.ts';

/** What identity says of the devices on which accounts are signed in. */
export type Devices = {
  /** Null: identity does not answer and never told of the account. A device that what is known does not name is asked about at once: it may have just signed in. Never rejects. */
  of(who: { readonly accountId: string; readonly deviceId: string }, waitMsMax: number): Promise<Learned<DeviceRanks> | null>;
  readonly forget: (accountId: string) => void;
};

/** Who signs a device out wants to play next: where no event told of it, they wait for so long. */
const FRESH_MS = 1_000;
/** At most forty sessions each, so forty devices: two kilobytes. */
const ACCOUNTS_MAX = 20_000;

export function devicesFrom(rpc: Rpc, { nowMs, deadlineMs, silent }: SourceParts): Devices {
  const client = rpc.client(IdentityService);
  const answers = knownAnswers<DeviceRanks>({
    freshMs: () => FRESH_MS,
    answersMax: ACCOUNTS_MAX,
    nowMs,
    onSilence: silent('identity'),
  });
  const learn = async (accountId: string, waitMsMax: number): Promise<Learned<DeviceRanks> | null> => {
    const learned = await answers.learn([accountId], async () => new Map([[accountId, await ranks(accountId)]]), waitMsMax);
    return learned.get(accountId) ?? null;
  };
  return {
    async of({ accountId, deviceId }, waitMsMax) {
      const askedAtMs = nowMs();
      const learned = await learn(accountId, waitMsMax);
      if (learned === null || !learned.isFresh || learned.value.has(deviceId) || learned.learnedAtMs >= askedAtMs) return learned;
      answers.forget(accountId);
      return learn(accountId, Math.max(0, waitMsMax - (nowMs() - askedAtMs)));
    },
    forget: answers.forget,
  };

  async function ranks(accountId: string): Promise<DeviceRanks> {
    try {
      const { devices } = await client.listDevices({ accountId }, { deadlineMs, idempotent: true });
      return new Map(devices.map(({ id, rank }) => [id, rank]));
    } catch (fault) {
      if (fault instanceof RpcError && fault.code === 'not_found') return new Map();
      throw fault;
    }
  }
}
