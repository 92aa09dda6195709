import { setTimeout as pause } from 'node:timers/promises';

import { ControlService, signSegmentToken, type TokenKey } from '@bioscope/control/contract';
import { RpcError, type Rpc } from '@bioscope/rpc';
import type { Logger } from '@bioscope/telemetry';

import { tokenExpiry } from './domain/token-expiry.ts';

export type SegmentTokens = {
  /** Rejects with `unavailable` as long as control has never answered. */
  issue(claims: {
    readonly sessionId: string;
    readonly editionId: string;
  }): Promise<{ readonly token: string; readonly expiresAtMs: number }>;
  close(): Promise<void>;
};

/** Control hands a new key to the appliances long before it signs. */
const REFRESH_MS = 30_000;
const PAUSE_FIRST_MS = 250;
const PAUSE_MAX_MS = 5_000;
const DEADLINE_MS = 2_000;

/** Signs segment tokens with control's active key, which is asked for in the background and kept when control is gone. */
export function segmentTokens(parts: {
  readonly rpc: Rpc;
  readonly tokenLifeMs: number;
  readonly nowMs: () => number;
  readonly log: Logger;
}): SegmentTokens {
  const client = parts.rpc.client(ControlService);
  const closing = new AbortController();
  let active: TokenKey | null = null;

  const ask = async (): Promise<TokenKey> => {
    const { keys } = await client.getTokenKeys({}, { deadlineMs: DEADLINE_MS, idempotent: true, signal: closing.signal });
    const key = keys.find((candidate) => candidate.active);
    if (key === undefined) throw new RpcError('unavailable', 'control has no active token key yet');
    active = key;
    return key;
  };

  const refresh = async (): Promise<void> => {
    let pauseMs = PAUSE_FIRST_MS;
    while (!closing.signal.aborted) {
      try {
        await ask();
        pauseMs = REFRESH_MS;
      } catch (fault) {
        if (closing.signal.aborted) return;
        if (pauseMs >= PAUSE_MAX_MS) parts.log.warn({ err: fault, hasKey: active !== null }, 'control does not give the token keys');
        pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS);
      }
      await pause(pauseMs, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  };
  const refreshing = refresh();

  return {
    async issue(claims) {
      const key = active ?? (await ask());
      const expiresAtMs = tokenExpiry(parts.nowMs(), parts.tokenLifeMs);
      return { token: signSegmentToken(key, { ...claims, expiresAtMs }), expiresAtMs };
    },
    async close() {
      closing.abort();
      await refreshing;
    },
  };
}
