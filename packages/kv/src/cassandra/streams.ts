import { checkEvents, checkName, checkNamespace, checkWhole } from '../checks.ts';
import { LIMITS } from '../limits.ts';
import { type Appended, type EventData, KvFault, type StreamEvent, type Streams, type Subscription } from '../port.ts';
import type { Call, Calls } from './calls.ts';
import { type Adoption, type Decider, type Decision, patiently, type Row } from './decider.ts';
import { type FeedEntry, type FeedPosition, parsePosition, positionText } from './feed.ts';
import type { Feeds } from './feeds.ts';
import type { Intents } from './intents.ts';
import { createSubscription } from '../subscription.ts';

type Seen = { readonly head: number; readonly closed: string | null; readonly outcome: number | null; readonly epoch: number | null };
type Target = { readonly namespace: string; readonly stream: string };

/**
 * A stream is one partition, written only by conditional batches: the head moves, the command is noted and the events are added in one step or
 * not at all. Before that an intent is written down, so that whoever publishes finds every append, also one whose writer died right after it.
 */
export function cassandraStreams({
  keyspace,
  decider,
  calls,
  clock,
  intents,
  feeds,
  keep,
}: {
  keyspace: string;
  decider: Decider;
  calls: Calls;
  clock: () => number;
  intents: Intents;
  feeds: Feeds;
  keep: (subscription: Subscription) => void;
}): Streams {
  const table = `${keyspace}.streams`;
  const where = 'WHERE namespace = ? AND stream = ?';
  const move = `UPDATE ${table} SET head = ?, epoch = ? ${where} IF head = ? AND closed = ? AND epoch = ?`;
  const note = `INSERT INTO ${table} (namespace, stream, kind, sequence, command, outcome) VALUES (?, ?, 1, 0, ?, ?) IF NOT EXISTS`;
  const add = `INSERT INTO ${table} (namespace, stream, kind, sequence, command, type, data, caused_by, recorded_at)
               VALUES (?, ?, 0, ?, '', ?, ?, ?, ?)`;
  const own = `SELECT command, outcome, head, closed, epoch FROM ${table} ${where} AND kind = 1 AND sequence = 0 AND command = ?`;
  const state = `SELECT head, epoch FROM ${table} ${where} LIMIT 1`;
  const everything = `SELECT kind, sequence, command, type, data, caused_by, recorded_at, outcome, head, closed, epoch FROM ${table} ${where}`;
  const adoption = `UPDATE ${table} SET epoch = ? ${where} IF epoch = ?`;
  const events = `SELECT sequence, type, data, caused_by, recorded_at, head, epoch FROM ${table} ${where} AND kind = 0 AND sequence > ? AND sequence <= ? LIMIT ?`;

  const adoptionOf = ({ namespace, stream }: Target): Adoption => ({
    state: { query: state, params: [namespace, stream] },
    read: { query: everything, params: [namespace, stream] },
    write: adoption,
    params: [namespace, stream],
  });

  async function append(
    target: Target & { commandId: string },
    expectedVersion: number,
    added: readonly EventData[],
    call: Call,
  ): Promise<Appended> {
    const { namespace, stream, commandId } = target;
    const version = expectedVersion + added.length;
    const nowMs = BigInt(Math.floor(clock()));
    const rows = added.map(({ type, data }, index) => ({
      query: add,
      params: [namespace, stream, BigInt(expectedVersion + index + 1), type, data, commandId, nowMs],
    }));
    let closed: string | null = null;
    for (;;) {
      const intent = await patiently(call, () => intents.write(namespace, stream, commandId, call));
      const seen = await moveHead(closed);
      if (seen === null || seen.outcome !== null) {
        feeds.appended(namespace, { stream, command: commandId, head: seen?.outcome ?? version });
        return seen === null
          ? { kind: 'appended', version, repeated: false }
          : { kind: 'appended', version: seen.outcome ?? version, repeated: true };
      }
      if (seen.head !== expectedVersion) {
        // Certain not to have happened, and never to happen: nobody needs to look for it.
        intents.forget(intent);
        return { kind: 'conflict', version: seen.head };
      }
      // An old intent was closed in this stream, and with it every append that did not know; this one may go on with a new one.
      closed = seen.closed;
    }

    function moveHead(closedBefore: string | null): Promise<Seen | null> {
      return decider.decide<Seen>({
        namespace,
        key: `stream ${namespace} ${stream}`,
        call,
        expectsNew: expectedVersion === 0,
        async attempt(place) {
          const expects = expectedVersion === 0 ? null : BigInt(expectedVersion);
          const epoch = expectedVersion === 0 ? place.epochOfNew : place.epoch;
          const row = await decider.batch(
            place,
            [
              { query: move, params: [BigInt(version), place.epochToSet, namespace, stream, expects, closedBefore, epoch] },
              { query: note, params: [namespace, stream, commandId, BigInt(version)] },
              ...rows,
            ],
            call,
          );
          return row === null ? { kind: 'done' } : refusal(row);
        },
        async find(place) {
          const [row] = await decider.serialRead(place, { query: own, params: [namespace, stream, commandId] }, call);
          return row === undefined ? null : refusal(row);
        },
        adopt: adoptionOf(target),
      });
    }
  }

  async function readStream(
    target: Target,
    after: number,
    eventsMax: number,
    call: Call,
  ): Promise<{ events: StreamEvent[]; version: number }> {
    const { namespace, stream } = target;
    const found: StreamEvent[] = [];
    let bytes = 0;
    let head = 0;
    let rowsMax = Math.min(eventsMax, EVENTS_PER_QUERY_AT_FIRST);
    for (;;) {
      const from = after + found.length;
      const statement = { query: events, params: [namespace, stream, BigInt(from), BigInt(Number.MAX_SAFE_INTEGER), rowsMax] };
      let rows = await decider.read(namespace, statement, adoptionOf(target), call);
      head = Math.max(head, headOf(rows));
      // A commit that reached one node before its coordinator died is mended by a majority read only in the columns that were read, here
      // or by the feeder: finishing the decision brings all of it to a majority.
      if (rows.length < rowsMax && head > from + rows.length) {
        rows = await decider.readFinished(namespace, statement, call);
        head = Math.max(head, headOf(rows));
      }
      // What lies beyond the head was left by an append that was overtaken in another region: it never became part of the stream.
      const some = rows.filter((row) => (row['sequence'] as bigint) <= head).map((row) => eventOf(stream, row));
      for (const event of some) bytes += event.data.length;
      found.push(...some);
      if (found.length === 0) {
        const [row] = await decider.read(namespace, { query: state, params: [namespace, stream] }, adoptionOf(target), call);
        head = row === undefined ? 0 : headOf([row]);
        // More came between the two reads: look again.
        if (head > after) continue;
        return { events: [], version: head };
      }
      if (some.length < rowsMax || found.length >= eventsMax || bytes > ANSWER_BYTES_MAX) return { events: found, version: head };
      rowsMax = Math.max(
        1,
        Math.min(eventsMax - found.length, Math.ceil(ANSWER_BYTES_MAX / Math.max(64, bytes / found.length)), EVENTS_PER_QUERY_MAX),
      );
    }
  }

  return {
    async append({ namespace, stream, expectedVersion, events, commandId }, options) {
      checkNamespace(namespace);
      checkName('stream', stream);
      checkName('commandId', commandId);
      checkWhole('expectedVersion', expectedVersion, 0, Number.MAX_SAFE_INTEGER - LIMITS.eventsPerAppendMax);
      const bytes = checkEvents(events);
      const own = events.map(({ type, data }) => ({ type, data: Buffer.from(data) }));
      return calls.run(options, bytes, (call) => append({ namespace, stream, commandId }, expectedVersion, own, call));
    },

    async read({ namespace, stream, after = 0, eventsMax = LIMITS.eventsPerReadMax }, options) {
      checkNamespace(namespace);
      checkName('stream', stream);
      checkWhole('after', after, 0, Number.MAX_SAFE_INTEGER);
      checkWhole('eventsMax', eventsMax, 1, LIMITS.eventsPerReadMax);
      return calls.run(options, 0, (call) => readStream({ namespace, stream }, after, eventsMax, call));
    },

    subscribe({ namespace, after }, handler) {
      checkNamespace(namespace);
      parsePosition(after);
      const feed = feeds.join(namespace);
      const subscription = createSubscription({
        after,
        read: (position) => calls.run(undefined, 0, (call) => readFeed(namespace, parsePosition(position), call)),
        onAppended: (wake) => feed.onFed(wake),
        handler,
      });
      keep(subscription);
      return subscription;
    },
  };

  /** Goes on reading the feed, and for each of its entries the events that it names. */
  async function readFeed(namespace: string, after: FeedPosition, call: Call): Promise<readonly StreamEvent[]> {
    const entries = await patiently(call, () => feeds.read(namespace, after, call));
    const found: StreamEvent[] = [];
    for (let start = 0; start < entries.length && found.length < EVENTS_PER_DELIVERY; start += ENTRIES_AT_ONCE) {
      const some = await Promise.all(entries.slice(start, start + ENTRIES_AT_ONCE).map((entry) => readEntry(namespace, entry, call)));
      for (const events of some) found.push(...events);
    }
    return found;
  }

  /** The events are there: the feed is written after them, and both to a majority. */
  async function readEntry(namespace: string, { position, stream, first, last }: FeedEntry, call: Call): Promise<readonly StreamEvent[]> {
    const found: StreamEvent[] = [];
    for (let next = first; next <= last; next = first + found.length) {
      const { events: some } = await readStream({ namespace, stream }, next - 1, last - next + 1, call);
      if (some.length === 0) throw new KvFault('KV_UNAVAILABLE', `stream ${stream} lacks events that its feed names`);
      for (const event of some) found.push({ ...event, position: positionText({ entry: position, sequence: event.sequence }) });
    }
    return found;
  }
}

function headOf(rows: readonly Row[]): number {
  return Number((rows[0]?.['head'] as bigint | null | undefined) ?? 0n);
}

function eventOf(stream: string, row: Row): StreamEvent {
  const sequence = Number(row['sequence']);
  return {
    stream,
    sequence,
    type: row['type'] as string,
    data: new Uint8Array(row['data'] as Buffer),
    commandId: row['caused_by'] as string,
    recordedAtMs: Number(row['recorded_at']),
    position: '',
  };
}

function refusal(row: Row): Decision<Seen> {
  const seen: Seen = {
    head: Number((row['head'] as bigint | null | undefined) ?? 0n),
    closed: (row['closed'] as string | null | undefined) ?? null,
    outcome: typeof row['outcome'] === 'bigint' ? Number(row['outcome']) : null,
    epoch: typeof row['epoch'] === 'bigint' ? Number(row['epoch']) : null,
  };
  return { kind: 'refused', by: seen, epoch: seen.epoch };
}

const EVENTS_PER_QUERY_AT_FIRST = 64;
const EVENTS_PER_QUERY_MAX = 1_000;
/** As in the embedded engine: a thousand events of the largest size would be 256 MiB. */
const ANSWER_BYTES_MAX = 8 * 1024 * 1024;
const EVENTS_PER_DELIVERY = 500;
const ENTRIES_AT_ONCE = 8;
