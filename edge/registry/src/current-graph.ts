import { setTimeout as pause } from 'node:timers/promises';

import type { Logger } from '@bioscope/telemetry';

import type { Supergraph } from '../contract/index.ts';
import { compose } from './domain/compose.ts';
import { NO_GRAPH, type GraphRecord } from './domain/graph.ts';
import type { RegistryStore } from './store.ts';

const FOLLOW_AGAIN_MS = 1_000;
/** Should the store forget to tell of a change, those who wait see it with their next question. */
const LOOK_MS_MAX = 20_000;

export type ComposedGraph = Pick<Supergraph, 'sha256' | 'sdl' | 'graphVersion' | 'services'>;

/** The graph as this instance knows it; composed once per change. */
export type CurrentGraph = {
  /** Reads what other instances appended meanwhile. */
  refresh(): Promise<GraphRecord>;
  composed(): ComposedGraph | null;
  /** Resolves with the next change, after `withinMs`, or when the signal aborts, whichever is first. False: there is nothing to wait for any more. */
  changed(withinMs: number, signal: AbortSignal): Promise<boolean>;
  /** Nobody is to wait here any more: who does is sent away. Schemas are still accepted. */
  retire(): void;
  close(): Promise<void>;
};

export async function openCurrentGraph({ store, log }: { readonly store: RegistryStore; readonly log: Logger }): Promise<CurrentGraph> {
  let record = await store.readFrom(NO_GRAPH);
  let composed = composedFrom(record, null, log);
  const waiting = new Set<() => void>();
  const retired = new AbortController();
  const closing = new AbortController();

  async function refresh(): Promise<GraphRecord> {
    const next = await store.readFrom(record);
    // Two refreshes may cross: the one that read more stands.
    if (next.sequence <= record.sequence) return record;
    const before = record;
    record = next;
    if (next.graphVersion === before.graphVersion) return record;
    composed = composedFrom(next, composed, log);
    for (const wake of waiting) wake();
    return record;
  }

  const following = follow({ store, refresh, log }, closing.signal);
  return {
    refresh,
    composed: () => composed,
    async changed(withinMs, signal) {
      const woken = new AbortController();
      const wake = (): void => woken.abort();
      waiting.add(wake);
      const either = AbortSignal.any([woken.signal, signal, retired.signal]);
      await pause(Math.min(withinMs, LOOK_MS_MAX), undefined, { signal: either }).catch(() => undefined);
      waiting.delete(wake);
      return !signal.aborted && !retired.signal.aborted;
    },
    retire: () => retired.abort(),
    async close() {
      retired.abort();
      closing.abort();
      await following;
    },
  };
}

/** What was accepted composes: it did when it was decided. Should a newer composer think otherwise, the last graph stays, and the log says so. */
function composedFrom(record: GraphRecord, before: ComposedGraph | null, log: Logger): ComposedGraph | null {
  if (record.accepted.size === 0) return null;
  const result = compose(new Map([...record.accepted].map(([name, schema]) => [name, schema.sdl])));
  if (result.kind === 'composed')
    return { sha256: result.sha256, sdl: result.sdl, graphVersion: record.graphVersion, services: [...record.accepted.keys()].sort() };
  log.error({ reasons: result.reasons, graphVersion: record.graphVersion }, 'the accepted schemas no longer compose');
  return before;
}

async function follow(
  { store, refresh, log }: { store: RegistryStore; refresh: () => Promise<unknown>; log: Logger },
  closing: AbortSignal,
): Promise<void> {
  while (!closing.aborted) {
    const read = (): void => void refresh().catch((err: unknown) => log.warn({ err }, 'a change of the graph could not be read yet'));
    const subscription = store.onChange(read);
    const close = (): void => void subscription.close();
    closing.addEventListener('abort', close, { once: true });
    await subscription.ended.catch((err: unknown) => log.warn({ err }, 'following the schemas broke off'));
    closing.removeEventListener('abort', close);
    await pause(FOLLOW_AGAIN_MS, undefined, { signal: closing }).catch(() => undefined);
  }
}
