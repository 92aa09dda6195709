import { KvFault } from '../port.ts';
import type { Call } from './calls.ts';
import { createFeed, type Feed, type FeedEntry, type FeedPosition } from './feed.ts';
import { createFeeder, type Feeder, type FeederParts, type OwnAppend } from './feeder.ts';

export type Feeds = {
  /** Something was appended here: it should be fed soon. */
  appended(namespace: string, own: OwnAppend): void;
  /** To be told when something may have come to the feed. */
  join(namespace: string): { onFed(wake: () => void): () => void };
  read(namespace: string, after: FeedPosition, call: Call): Promise<readonly FeedEntry[]>;
  close(): Promise<void>;
};

type Watched = { readonly feed: Feed; readonly feeder: Feeder; readonly wakes: Set<() => void> };

/** The feeds of the namespaces that this process appends to or reads, each with its feeder. */
export function createFeeds(parts: Omit<FeederParts, 'namespace' | 'feed' | 'fed'>): Feeds {
  const watched = new Map<string, Watched>();
  let isClosed = false;
  /** What other processes feed is found by asking. */
  const poll = setInterval(() => {
    for (const { wakes } of watched.values()) for (const wake of wakes) wake();
  }, POLL_MS);
  poll.unref();

  function feedOf(namespace: string): Watched {
    const known = watched.get(namespace);
    if (known !== undefined) return known;
    if (isClosed) throw new KvFault('KV_CLOSED', 'the store is closed');
    const feed = createFeed(parts.keyspace, namespace, parts.connection);
    const wakes = new Set<() => void>();
    const fed = (): void => {
      for (const wake of wakes) wake();
    };
    const made = { feed, feeder: createFeeder({ ...parts, namespace, feed, fed }), wakes };
    watched.set(namespace, made);
    return made;
  }

  return {
    appended(namespace, own) {
      // An append that ends after the close: others feed it, and a feeder made now would never end.
      if (!isClosed) feedOf(namespace).feeder.appended(own);
    },
    join: (namespace) => ({
      onFed(wake) {
        const { wakes } = feedOf(namespace);
        wakes.add(wake);
        return () => void wakes.delete(wake);
      },
    }),
    read: (namespace, after, call) => feedOf(namespace).feed.read(after, call),
    async close() {
      isClosed = true;
      clearInterval(poll);
      await Promise.all([...watched.values()].map(({ feeder }) => feeder.close()));
    },
  };
}

const POLL_MS = 250;
