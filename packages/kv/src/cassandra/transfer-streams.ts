import { types } from 'cassandra-driver';
import { LIMITS } from '../limits.ts';
import { KvFault } from '../port.ts';
import type { MovedEvent, StreamName, TransferTarget } from '../transfer/target.ts';
import type { Call } from './calls.ts';
import type { Statement } from './connection.ts';
import { type Adoption, type Decision, patiently, type Row } from './decider.ts';
import type { FeedEntry } from './feed.ts';
import { eachAtOnce } from '../transfer/each-at-once.ts';
import type { TransferTargetParts } from './transfer-target.ts';

type StreamState = { readonly head: number; readonly announced: number };
type NewEntry = Omit<FeedEntry, 'position'>;

/**
 * Appends what was decided elsewhere. No intents: what was appended and not yet announced is announced when the mover goes on, and it must go on before the store is
 * used. The feed gets the events in their old order, each entry with its old position, so that subscribers' positions can be translated.
 */
export function transferStreams({
  keyspace,
  connection,
  decider,
  calls,
  feedOf,
}: TransferTargetParts): Pick<TransferTarget['streams'], 'stateOf' | 'bring'> {
  const table = `${keyspace}.streams`;
  const where = 'WHERE namespace = ? AND stream = ?';
  const move = `UPDATE ${table} SET head = ?, epoch = ? ${where} IF head = ? AND epoch = ?`;
  const note = `INSERT INTO ${table} (namespace, stream, kind, sequence, command, outcome) VALUES (?, ?, 1, 0, ?, ?)`;
  const add = `INSERT INTO ${table} (namespace, stream, kind, sequence, command, type, data, caused_by, recorded_at)
               VALUES (?, ?, 0, ?, '', ?, ?, ?, ?)`;
  const state = `SELECT head, fed, epoch FROM ${table} ${where} LIMIT 1`;
  const everything = `SELECT kind, sequence, command, type, data, caused_by, recorded_at, outcome, head, closed, epoch FROM ${table} ${where}`;
  const adoption = `UPDATE ${table} SET epoch = ? ${where} IF epoch = ?`;
  const mark = `UPDATE ${table} SET fed = ? ${where}`;

  const adoptionOf = ({ namespace, stream }: StreamName): Adoption => {
    const params = [namespace, stream];
    return { state: { query: state, params }, read: { query: everything, params }, write: adoption, params };
  };

  async function readState(name: StreamName, call: Call): Promise<StreamState> {
    const [row] = await decider.read(name.namespace, { query: state, params: [name.namespace, name.stream] }, adoptionOf(name), call);
    return { head: numberOf(row?.['head']), announced: numberOf(row?.['fed']) };
  }

  async function append({ namespace, stream }: StreamName, head: number, events: readonly MovedEvent[], call: Call): Promise<void> {
    const last = events.at(-1);
    if (last === undefined) return;
    const rows = events.flatMap((event): Statement[] => {
      const { sequence, type, data, commandId, endsCommand, recordedAtMs } = event;
      const added = {
        query: add,
        params: [namespace, stream, BigInt(sequence), type, Buffer.from(data), commandId, BigInt(recordedAtMs)],
      };
      return endsCommand ? [added, { query: note, params: [namespace, stream, commandId, BigInt(sequence)] }] : [added];
    });
    const against = await decider.decide<{ head: number }>({
      namespace,
      key: `stream ${namespace} ${stream}`,
      call,
      expectsNew: head === 0,
      async attempt(place) {
        const expects = head === 0 ? null : BigInt(head);
        const epoch = head === 0 ? place.epochOfNew : place.epoch;
        const change = { query: move, params: [BigInt(last.sequence), place.epochToSet, namespace, stream, expects, epoch] };
        const row = await decider.batch(place, [change, ...rows], call);
        return row === null ? { kind: 'done' } : refusal(row);
      },
      async find(place) {
        const [row] = await decider.serialRead(place, { query: state, params: [namespace, stream] }, call);
        return numberOf(row?.['head']) === last.sequence ? { kind: 'done' } : null;
      },
      adopt: adoptionOf({ namespace, stream }),
    });
    if (against !== null) throw interference(stream, against.head);
  }

  async function bringStream(name: StreamName, events: readonly MovedEvent[]): Promise<StreamState> {
    const before = await calls.run(undefined, 0, (call) => readState(name, call));
    const missing = events.filter(({ sequence }) => sequence > before.head);
    let { head } = before;
    for (const some of inBatches(missing)) {
      if (some[0]?.sequence !== head + 1) throw interference(name.stream, head);
      await calls.run(undefined, 0, (call) => append(name, head, some, call));
      head = some.at(-1)?.sequence ?? head;
    }
    return { head, announced: before.announced };
  }

  return {
    stateOf: (name) => calls.run(undefined, 0, (call) => readState(name, call)),
    async bring(namespace, events) {
      const byStream = Map.groupBy(events, ({ stream }) => stream);
      const announced = new Map<string, number>();
      await eachAtOnce(STREAMS_AT_ONCE, byStream, async ([stream, own]) => {
        announced.set(stream, (await bringStream({ namespace, stream }, own)).announced);
      });
      const news = events.filter(({ stream, sequence }) => sequence > (announced.get(stream) ?? 0));
      if (news.length === 0) return;
      const feed = feedOf(namespace);
      for (const entries of chunks(entriesOf(news), ENTRIES_PER_CALL)) {
        // One whose answer was lost may have happened and is there twice then: subscribers expect that.
        await calls.run(undefined, 0, (call) => patiently(call, () => feed.append(entries, call)));
      }
      const marks = [...Map.groupBy(news, ({ stream }) => stream)].map(([stream, own]) => ({ stream, last: own.at(-1)?.sequence ?? 0 }));
      await eachAtOnce(STREAMS_AT_ONCE, marks, async ({ stream, last }) => {
        const statement = { query: mark, params: [BigInt(last), namespace, stream] };
        await calls.run(undefined, 0, (call) => patiently(call, () => connection.execute(statement, QUORUM, call)));
      });
    },
  };
}

/** Events of one stream whose old positions follow each other: so the old position of each can be told from that of the last. */
function entriesOf(events: readonly MovedEvent[]): readonly NewEntry[] {
  const entries: { stream: string; first: number; last: number; movedFrom: number }[] = [];
  for (const { stream, sequence, position } of events) {
    const open = entries.at(-1);
    const goesOn = open?.stream === stream && open.movedFrom === position - 1 && sequence - open.first < LIMITS.eventsPerAppendMax;
    if (open !== undefined && goesOn) {
      open.last = sequence;
      open.movedFrom = position;
    } else entries.push({ stream, first: sequence, last: sequence, movedFrom: position });
  }
  return entries;
}

/** As large as an append may be; an event is never larger. */
function* inBatches(events: readonly MovedEvent[]): Generator<readonly MovedEvent[]> {
  let some: MovedEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    if (some.length > 0 && (some.length >= LIMITS.eventsPerAppendMax || bytes + event.data.length > BYTES_PER_BATCH)) {
      yield some;
      some = [];
      bytes = 0;
    }
    some.push(event);
    bytes += event.data.length;
  }
  if (some.length > 0) yield some;
}

function* chunks<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < all.length; start += size) yield all.slice(start, start + size);
}

function interference(stream: string, head: number): KvFault {
  return new KvFault('KV_BAD_REQUEST', `stream ${stream} stands at ${head} in the destination, where only this move may append`);
}

function refusal(row: Row): Decision<{ head: number }> {
  const epoch = row['epoch'];
  return { kind: 'refused', by: { head: numberOf(row['head']) }, epoch: typeof epoch === 'bigint' ? Number(epoch) : null };
}

function numberOf(value: unknown): number {
  return typeof value === 'bigint' ? Number(value) : 0;
}

const QUORUM = { consistency: types.consistencies.quorum, isIdempotent: true };
const STREAMS_AT_ONCE = 12;
const ENTRIES_PER_CALL = 100;
const BYTES_PER_BATCH = 1024 * 1024;
