import { setTimeout as pause } from 'node:timers/promises';
import { IdentityService, parseRevocation, REVOCATIONS_TOPIC } from '@bioscope/identity/contract';
import type { Log } from '@bioscope/log';
import type { Client } from '@bioscope/rpc';
import type { Logger } from '@bioscope/telemetry';
import type { Revocations } from './revocations.ts';

/** As far back as identity tells, and longer than a token lives. */
const BACK_MS = 3_600_000;
const DEADLINE_MS = 2_000;
const PAUSE_FIRST_MS = 100;
const PAUSE_MAX_MS = 5_000;
/** More pages than a million revocations fill. */
const PAGES_MAX = 10_000;

/**
 * Keeps the revocations up to date: what identity announces from now on, and what was revoked while this gateway was away. Until identity has told that,
 * which it is asked for again and again, requests are served on tokens alone: they are good for ten minutes at most.
 */
export function followRevocations(needs: {
  revocations: Revocations;
  log: Log;
  identity: Client<typeof IdentityService>;
  /** Names this gateway among all, and stays the same when it starts again. */
  instance: string;
  nowMs: () => number;
  logger: Logger;
}): { close(): Promise<void> } {
  const { revocations, identity, nowMs, logger } = needs;
  const closing = new AbortController();
  // First the news, then the past: nothing falls in between.
  const news = needs.log.subscribe({ topic: REVOCATIONS_TOPIC, group: `gateway.${needs.instance}`, from: 'latest' }, async (records) => {
    for (const { value } of records) {
      const event = parseRevocation(value);
      if (event.type === 'epoch.raised') revocations.raiseEpoch(event);
      else revocations.endSession(event);
    }
  });

  async function catchUp(): Promise<void> {
    let cursor = '';
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const options = { deadlineMs: DEADLINE_MS, idempotent: true, signal: closing.signal };
      const answer = await identity.listRevocations({ sinceMs: nowMs() - BACK_MS, cursor }, options);
      for (const { accountId, what, atMs } of answer.revocations) {
        if (what.case === 'epoch') revocations.raiseEpoch({ accountId, epoch: what.value, atMs });
        if (what.case === 'sessionId') revocations.endSession({ sessionId: what.value, atMs });
      }
      ({ cursor } = answer);
      if (cursor === '') return;
    }
  }

  const caughtUp = (async () => {
    for (let pauseMs = PAUSE_FIRST_MS; !closing.signal.aborted; pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS)) {
      try {
        await catchUp();
        return;
      } catch (fault) {
        if (closing.signal.aborted) return;
        if (pauseMs >= PAUSE_MAX_MS) logger.warn({ err: fault }, 'identity does not tell what was revoked');
      }
      await pause(pauseMs, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  })();

  return {
    async close() {
      closing.abort();
      await news.close();
      await caughtUp;
    },
  };
}
