import { setTimeout } from 'node:timers/promises';
import { createBell } from '../bell.ts';
import { PARKED_SUFFIX } from '../checks.ts';
import type { LogRecord, LogRecordData } from '../port.ts';
import { afterRejection, nextBatch, pauseMs } from '../progress.ts';
import type { Cluster } from './cluster.ts';
import type { Connections } from './connections.ts';
import { createFetcher } from './fetcher.ts';
import { bringUp, createHeld, type Held, isKeepDue, passOver, passRepetitions, wantsMore } from './held.ts';
import { createMembership, type Membership } from './membership.ts';
import { boundsOf, committedBy } from './offsets.ts';
import type { OriginsKeeper } from './origins-keeper.ts';
import type { Topics } from './topics.ts';
import type { KafkaLogCount } from './watch.ts';

export type ConsumerParts = {
  readonly cluster: Cluster;
  readonly topics: Topics;
  /** Connections on which this member lets brokers wait, for joining and for fetching. */
  readonly joining: Connections;
  readonly fetching: Connections;
  readonly keeper: OriginsKeeper;
  readonly topic: string;
  /** What the port's callers call it. */
  readonly topicName: string;
  readonly group: string;
  readonly fromLatest: boolean;
  readonly attemptsMax: number;
  readonly handler: (records: readonly LogRecord[]) => Promise<void>;
  readonly park: (topicName: string, record: LogRecordData) => Promise<void>;
  readonly trouble: (doing: string, error: unknown) => void;
  readonly count: (what: KafkaLogCount, by: number) => void;
};

export type Consumer = { close(): Promise<void> };

/**
 * One member of a group. Three things go on beside each other: the membership (membership.ts) says which partitions are its own, the fetcher
 * brings their records, and the work here hands batches to the handler, one at a time, and commits after each. A failing cluster is asked
 * again until it answers or the subscription is closed.
 */
export function createConsumer(parts: ConsumerParts): Consumer {
  const { cluster, topics, keeper, topic, topicName, group, handler, attemptsMax, trouble, count } = parts;
  const partitions = new Map<number, Held | 'opening'>();
  /** Lost while in use. What was handled of them and not committed would come again, were it not remembered here. */
  const departed = new Map<number, Held>();
  /** To be let go once the handler is done with it. */
  const leaving = new Set<number>();
  let atWork: number | null = null;
  let membership: Membership | null = null;
  const closing = new AbortController();
  let closeByMs = Infinity;
  const bell = createBell();
  const fetcher = createFetcher({
    ...parts,
    connections: parts.fetching,
    topicName,
    held: heldNow,
    arrived: () => bell.ring(),
    outOfRange: reopen,
  });
  const work = run();

  function heldNow(): readonly Held[] {
    return [...partitions].flatMap(([partition, held]) => (held === 'opening' || leaving.has(partition) ? [] : [held]));
  }

  async function run(): Promise<void> {
    await persist(
      'make the topic',
      () => topics.ready(topic),
      () => !closing.signal.aborted,
    );
    if (closing.signal.aborted) return;
    membership = createMembership({
      ...parts,
      connections: parts.joining,
      holds: () => [...partitions.keys()],
      assigned,
      lost: () => {
        for (const held of partitions.values()) if (held !== 'opening') departed.set(held.partition, held);
        partitions.clear();
        leaving.clear();
      },
    });
    while (!closing.signal.aborted) await step();
  }

  /** Handles one batch, or waits until there may be something to do. */
  async function step(): Promise<void> {
    const ready = membership?.isValid() === true ? nextReady() : null;
    if (ready === null) return bell.wait(Math.min(IDLE_MS_MAX, earliestRetryMs()));
    atWork = ready.partition;
    await handle(ready);
    atWork = null;
    if (wantsMore(ready)) fetcher.wake();
    const now = partitions.get(ready.partition);
    if (now === ready) {
      if (!leaving.delete(ready.partition)) return;
      partitions.delete(ready.partition);
      membership?.rejoin();
    } else if (now === undefined || now === 'opening') {
      departed.set(ready.partition, ready);
    } else {
      remember(now, ready);
    }
  }

  function nextReady(): Held | null {
    const now = performance.now();
    for (const held of heldNow()) {
      const repeated = bringUp(held);
      if (repeated > 0) count('repeated', repeated);
      const { waiting, notBeforeMs, nextOffset } = held.progress;
      if (waiting.length > 0 ? notBeforeMs <= now : nextOffset < held.seenTo) return held;
    }
    return null;
  }

  function earliestRetryMs(): number {
    if (membership?.isValid() === false) return VALID_AGAIN_MS;
    let earliest = Infinity;
    for (const { progress } of heldNow()) if (progress.waiting.length > 0) earliest = Math.min(earliest, progress.notBeforeMs);
    return Math.max(0, earliest - performance.now());
  }

  async function handle(held: Held): Promise<void> {
    // Last in line, so that a busy partition does not starve the others.
    partitions.delete(held.partition);
    partitions.set(held.partition, held);
    const batch = nextBatch(held.progress);
    if (batch.length === 0) {
      if (passRepetitions(held)) await commit(held);
      return;
    }
    if (await accepted(batch)) {
      count('delivered', batch.length);
    } else {
      const next = afterRejection(held.progress, batch, attemptsMax, performance.now());
      if (next.kind === 'again') {
        held.progress = next.progress;
        return;
      }
      if (!(await parked(held, batch))) return;
    }
    passOver(held, batch);
    if (isHeld(held) && isKeepDue(held)) await keepOrigins(held);
    await commit(held);
  }

  async function accepted(batch: readonly LogRecord[]): Promise<boolean> {
    try {
      await handler(batch);
      return true;
    } catch {
      // What the rejection means is decided by counting them; the handler knows best how to report its own failure.
      return false;
    }
  }

  /** Before the commit: a crash in between parks it twice rather than never. */
  async function parked(held: Held, [record]: readonly LogRecord[]): Promise<boolean> {
    if (record === undefined) return true;
    const isParkedTopic = topicName.endsWith(PARKED_SUFFIX);
    const { key, type, value, origin } = record;
    // Back at the end of the same parked topic it would be a new record, whose origin must not count as a repetition.
    const copy = origin === undefined || isParkedTopic ? { key, type, value } : { key, type, value, origin };
    const done = await persist(
      'park a record',
      () => parts.park(isParkedTopic ? topicName : topicName + PARKED_SUFFIX, copy),
      () => isHeld(held),
    );
    if (done) count('parked', 1);
    return done;
  }

  async function keepOrigins(held: Held): Promise<void> {
    const upTo = held.progress.nextOffset;
    try {
      await keeper.keep(held.partition, held.origins);
      held.keptUpTo = upTo;
      held.handledSinceKept = { records: 0, bytes: 0 };
    } catch (error) {
      // Then more is read again after a takeover. The next batch tries once more.
      trouble('keep origins', error);
    }
  }

  async function commit(held: Held): Promise<void> {
    await persist(
      'commit',
      async () => {
        const { partition, progress, keptUpTo } = held;
        return (await membership?.commit([{ partition, offset: progress.nextOffset, note: noteOf(keptUpTo) }])) === true;
      },
      () => isHeld(held),
    );
  }

  function isHeld(held: Held): boolean {
    return partitions.get(held.partition) === held;
  }

  function assigned(now: ReadonlySet<number>): void {
    count('regrouped', 1);
    let letGo = false;
    for (const partition of partitions.keys()) {
      if (now.has(partition)) leaving.delete(partition);
      else if (partition === atWork) leaving.add(partition);
      else letGo = partitions.delete(partition);
    }
    for (const partition of now) {
      if (partitions.has(partition)) continue;
      partitions.set(partition, 'opening');
      void open(partition);
    }
    if (letGo) membership?.rejoin();
    bell.ring();
  }

  /** Finds out where the group stands in the partition and what it is done with. */
  async function open(partition: number): Promise<void> {
    const isWanted = (): boolean => partitions.get(partition) === 'opening' && !closing.signal.aborted;
    await persist(
      'take up a partition',
      async () => {
        const view = await topics.ready(topic);
        const committed = (await committedBy({ cluster, connections: parts.joining }, group, view))[partition] ?? null;
        const { first, end } = (await boundsOf({ cluster, connections: parts.fetching }, view, [partition])).get(partition) ?? {
          first: 0,
          end: 0,
        };
        const wished = committed?.offset ?? (parts.fromLatest ? end : first);
        const position = Math.min(Math.max(wished, first), end);
        const keptUpTo = Math.min(committed === null ? position : keptIn(committed.note), position);
        const origins = await keeper.load(partition, { keptUpTo, position, first });
        // The place where a new group begins is its own from now on, whatever happens before its first batch.
        if (committed === null || committed.offset !== position) {
          const kept = await membership?.commit([{ partition, offset: position, note: noteOf(keptUpTo) }]);
          if (kept !== true) return false;
        }
        if (!isWanted()) return false;
        const held = createHeld(partition, position, origins, Math.max(keptUpTo, first));
        const before = departed.get(partition);
        departed.delete(partition);
        if (before !== undefined) remember(held, before);
        partitions.set(partition, held);
        fetcher.wake();
        bell.ring();
        return true;
      },
      isWanted,
    );
  }

  /** That events were handled stays true, whether or not it could be committed. What was kept before is known already. */
  function remember(held: Held, before: Held): void {
    const changed = before.origins.takeChanged();
    for (const [stream, kept] of changed) held.origins.restore(stream, kept);
    held.origins.giveBack(changed.map(([stream]) => stream));
  }

  /** Retention has overtaken it, or the partition ends before it: where it stands now is decided like at the beginning. */
  function reopen(held: Held): void {
    if (!isHeld(held) || held.partition === atWork) return;
    departed.set(held.partition, held);
    partitions.set(held.partition, 'opening');
    void open(held.partition);
  }

  /** Tries until it is done (false: not yet), with growing pauses, while it is wanted; when closing, only a little longer. True when it was done. */
  async function persist(doing: string, attempt: () => Promise<unknown>, isWanted: () => boolean = () => true): Promise<boolean> {
    for (let failures = 1; isWanted() && performance.now() < closeByMs; failures += 1) {
      try {
        if ((await attempt()) !== false) return true;
      } catch (error) {
        trouble(doing, error);
      }
      // Closing ends a long pause; from then on they are short.
      if (closing.signal.aborted) await setTimeout(RETRY_MS_CLOSING);
      else await setTimeout(Math.min(pauseMs(failures), RETRY_MS_MAX), undefined, { signal: closing.signal }).catch(() => {});
    }
    return false;
  }

  async function close(): Promise<void> {
    closing.abort();
    closeByMs = performance.now() + CLOSE_MS_MAX;
    bell.ring();
    fetcher.close();
    await work;
    partitions.clear();
    await membership?.close();
    parts.joining.close();
    parts.fetching.close();
  }

  let closingNow: Promise<void> | null = null;
  return { close: () => (closingNow ??= close()) };
}

/** Beside its offset a group keeps up to where the companion topic has its origins; absent (another tool's commit): all is read again. */
function noteOf(keptUpTo: number): string {
  return `origins ${keptUpTo}`;
}

function keptIn(note: string): number {
  const [, text = ''] = /^origins (\d+)$/.exec(note) ?? [];
  return text === '' ? 0 : Number(text);
}

/** Nothing is expected to happen without a ring; this bounds the harm should one be missed. */
const IDLE_MS_MAX = 5_000;
const VALID_AGAIN_MS = 100;
const RETRY_MS_MAX = 2_000;
const RETRY_MS_CLOSING = 50;
/** What is under way is finished and committed; a cluster that does not take the commit by then will have it handled again. */
const CLOSE_MS_MAX = 4_000;
