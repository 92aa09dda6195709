import { setTimeout as pause } from 'node:timers/promises';

import type { RegistryService } from '@bioscope/registry/contract';
import type { Client } from '@bioscope/rpc';
import type { Logger } from '@bioscope/telemetry';

import type { LastGood } from './last-good.ts';
import { loadGraph, type LoadedGraph } from './load-graph.ts';

/** The longest that the registry lets a question wait. */
const WAIT_MS = 20_000;
const ANSWER_MS = 25_000;
const PAUSE_FIRST_MS = 250;
/** A registry that is down is asked six times a minute. */
const PAUSE_MAX_MS = 10_000;

export type FollowedGraph = {
  /** The newest that could be used; undefined until there is one. */
  current(): LoadedGraph | undefined;
  close(): Promise<void>;
};

/** Begins with the graph kept last, then follows the registry. A graph that cannot be used is told of, and the one before stays. */
export async function followRegistry(parts: {
  readonly registry: Pick<Client<typeof RegistryService>, 'getSupergraph'>;
  readonly lastGood: LastGood;
  readonly log: Logger;
}): Promise<FollowedGraph> {
  const { registry, lastGood, log } = parts;
  let current = await readKept(lastGood, log);
  let knownSha256 = current?.sha256 ?? '';
  const closing = new AbortController();

  async function lookOnce(): Promise<void> {
    const asked = { knownSha256, waitMs: WAIT_MS };
    const { supergraph } = await registry.getSupergraph(asked, { deadlineMs: ANSWER_MS, idempotent: true, signal: closing.signal });
    if (supergraph === undefined) return;
    // Also when it cannot be used: it would be sent again at once.
    knownSha256 = supergraph.sha256;
    try {
      current = loadGraph(supergraph);
    } catch (err) {
      log.error({ err, sha256: supergraph.sha256 }, 'the new graph cannot be used; the one before stays');
      return;
    }
    log.info({ sha256: supergraph.sha256, services: supergraph.services }, 'a new graph is in use');
    const { sha256, sdl } = supergraph;
    await lastGood.keep({ sha256, sdl }).catch((err: unknown) => log.warn({ err }, 'the graph could not be kept for the next start'));
  }

  async function follow(): Promise<void> {
    let pauseMs = PAUSE_FIRST_MS;
    while (!closing.signal.aborted) {
      try {
        await lookOnce();
        pauseMs = PAUSE_FIRST_MS;
      } catch (err) {
        if (closing.signal.aborted) return;
        log.warn({ err, pauseMs }, 'the registry does not answer; the graph stays as it is');
        await pause(pauseMs, undefined, { signal: closing.signal }).catch(() => undefined);
        pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS);
      }
    }
  }

  const following = follow();
  return {
    current: () => current,
    async close() {
      closing.abort();
      await following;
    },
  };
}

/** What was kept is a help, not a need: the registry has it too. */
async function readKept(lastGood: LastGood, log: Logger): Promise<LoadedGraph | undefined> {
  try {
    const kept = await lastGood.read();
    return kept === null ? undefined : loadGraph(kept);
  } catch (err) {
    log.warn({ err }, 'the graph of the last run cannot be used');
    return undefined;
  }
}
