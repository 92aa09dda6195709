import { randomUUID } from 'node:crypto';
import { KvFault } from '@bioscope/kv';
import { checkAttempts, checkGroup, checkTopic } from '../checks.ts';
import type { Log } from '../port.ts';
import { type Consumer, createConsumer } from './consumer.ts';
import type { GroupEngine, LogNews } from './engine.ts';

export type Subscribers = {
  readonly subscribe: Log['subscribe'];
  /** Wakes those whom the news concerns. */
  tell(news: LogNews): void;
  /** The topics that are subscribed to now. */
  topics(): ReadonlySet<string>;
  /** Takes no more; waits for handlers under way, at most 5 s. */
  close(): Promise<void>;
};

export type SubscribersParts = {
  readonly engine: GroupEngine;
  /** As `processIdentity` tells it: what a process that is gone held is free at once. */
  readonly process: string;
  /** Called after each change of `topics`. */
  readonly topicsChanged: () => void;
};

/** The subscriptions of one process, on an engine in the same process or beyond a network. */
export function openSubscribers({ engine, process, topicsChanged }: SubscribersParts): Subscribers {
  const consumers = new Map<Consumer, string>();
  let closing: Promise<void> | null = null;

  return {
    subscribe({ topic, group, from = 'earliest', attemptsMax = 5 }, handler) {
      checkTopic(topic);
      checkGroup(group);
      checkAttempts(attemptsMax);
      if (closing !== null) throw new KvFault('KV_CLOSED', 'the log is closed');
      const membership = { topic, group, member: randomUUID() };
      const consumer = createConsumer({ engine, membership, process, fromLatest: from === 'latest', attemptsMax, handler });
      consumers.set(consumer, topic);
      topicsChanged();
      return {
        lag: () => consumer.lag(),
        async close() {
          await consumer.close();
          if (consumers.delete(consumer)) topicsChanged();
        },
      };
    },
    tell({ kind, topic }) {
      for (const [consumer, its] of consumers) {
        if (topic !== null && its !== topic) continue;
        if (kind === 'published') consumer.published();
        else consumer.regrouped();
      }
    },
    topics: () => new Set(consumers.values()),
    close: () => (closing ??= settleWithin(CLOSE_MS_MAX, Promise.all([...consumers.keys()].map((consumer) => consumer.close())))),
  };
}

/** A handler that never ends must not keep the log from closing; what it was working on comes again. */
async function settleWithin(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}

const CLOSE_MS_MAX = 5_000;
