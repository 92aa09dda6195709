import { types } from 'cassandra-driver';
import { bad } from '../checks.ts';
import type { Position } from '../port.ts';
import type { Call } from './calls.ts';
import type { Connection } from './connection.ts';

const { consistencies } = types;

/** Events `first` to `last` of one stream, at one place of the order in which a namespace is read. */
export type FeedEntry = {
  readonly position: number;
  readonly stream: string;
  readonly first: number;
  readonly last: number;
  /** When they were moved here from an embedded store: the position there of the last one; those before it had the numbers before it. */
  readonly movedFrom?: number;
};
/** Everything before the entry is done, and of the entry all up to the sequence. */
type Reached = { readonly entry: number; readonly sequence: number };
/** Or a position of the embedded store that was moved here. */
export type FeedPosition = Reached | { readonly movedFrom: number };

export type Feed = {
  /** Adds entries at the end, in order. Fails when somebody else added meanwhile; then nothing or all of a hundred at a time is there. */
  append(entries: readonly Omit<FeedEntry, 'position'>[], call: Call): Promise<void>;
  /** Entries after a position, the first one cut to what is not done yet. */
  read(after: FeedPosition, call: Call): Promise<readonly FeedEntry[]>;
};

/**
 * The one order in which all subscribers read the streams of a namespace: entries numbered without a gap, in partitions of ten thousand, added by
 * conditional batches so that two writers cannot give one number twice.
 */
export function createFeed(keyspace: string, namespace: string, connection: Connection): Feed {
  const table = `${keyspace}.stream_feed`;
  const move = `UPDATE ${table} SET head = ? WHERE namespace = ? AND bucket = ? IF head = ?`;
  const add = `INSERT INTO ${table} (namespace, bucket, position, stream, first, last) VALUES (?, ?, ?, ?, ?, ?)`;
  const addMoved = `INSERT INTO ${table} (namespace, bucket, position, stream, first, last, moved_from) VALUES (?, ?, ?, ?, ?, ?, ?)`;
  const headOf = `SELECT head FROM ${table} WHERE namespace = ? AND bucket = ? LIMIT 1`;
  const one = `SELECT stream, first, last, moved_from FROM ${table} WHERE namespace = ? AND bucket = ? AND position = ?`;
  const select = `SELECT position, stream, first, last FROM ${table} WHERE namespace = ? AND bucket = ? AND position > ? LIMIT ?`;
  /** The number of the last entry as this process knows it. */
  let tail: number | null = null;

  async function headIn(bucket: number, call: Call): Promise<number | null> {
    // Serial: what somebody's unclear append left behind is finished or discarded by it.
    const level = { consistency: consistencies.serial, isIdempotent: true };
    const answer = await connection.execute({ query: headOf, params: [namespace, BigInt(bucket)] }, level, call);
    const head = answer.rows[0]?.['head'] as bigint | null | undefined;
    return head === null || head === undefined ? null : Number(head);
  }

  /** Buckets are filled one after the other: the last one is found by doubling, then halving. */
  async function findTail(call: Call): Promise<number> {
    let head = await headIn(0, call);
    if (head === null) return 0;
    let known = 0;
    let step = 1;
    for (;;) {
      const next = await headIn(known + step, call);
      if (next !== null) {
        known += step;
        head = next;
        step *= 2;
      } else if (step === 1) return head;
      else step = Math.floor(step / 2);
    }
  }

  async function appendSome(entries: readonly Omit<FeedEntry, 'position'>[], call: Call): Promise<number> {
    const before = tail ?? (await findTail(call));
    const bucket = bucketAfter(before);
    const some = entries.slice(0, Math.min(PER_BATCH, (bucket + 1) * PER_BUCKET - before));
    const after = before + some.length;
    tail = null;
    const isFirst = before === bucket * PER_BUCKET;
    const answer = await connection.batch(
      [
        { query: move, params: [BigInt(after), namespace, BigInt(bucket), isFirst ? null : BigInt(before)] },
        ...some.map(({ stream, first, last, movedFrom }, index) => {
          const params = [namespace, BigInt(bucket), BigInt(before + index + 1), stream, BigInt(first), BigInt(last)];
          return movedFrom === undefined ? { query: add, params } : { query: addMoved, params: [...params, BigInt(movedFrom)] };
        }),
      ],
      { consistency: consistencies.quorum, serialConsistency: consistencies.serial, isIdempotent: false },
      call,
    );
    if (!answer.wasApplied()) throw new Error(`somebody else feeds ${namespace} too`);
    tail = after;
    return some.length;
  }

  /** Entries that were moved here come first, with growing numbers; where a mover was interrupted some come twice, which leaves every turning point good. */
  async function translate(moved: number, call: Call): Promise<Reached> {
    const movedEntry = async (position: number) => {
      const params = [namespace, BigInt(bucketAfter(position - 1)), BigInt(position)];
      const [row] = (await connection.execute({ query: one, params }, READ, call)).rows;
      const movedFrom = row?.['moved_from'] as bigint | null | undefined;
      if (row === undefined || movedFrom === null || movedFrom === undefined) return null;
      const { first, last } = entryOf({ ...row, position: BigInt(position) });
      return { first, last, firstFrom: Number(movedFrom) - (last - first), lastFrom: Number(movedFrom) };
    };
    if ((await movedEntry(1)) === null) throw bad('after is not a position of this store');
    let done = 0;
    let open = (await findTail(call)) + 1;
    while (open - done > 1) {
      const middle = Math.floor((done + open) / 2);
      const entry = await movedEntry(middle);
      if (entry !== null && entry.lastFrom <= moved) done = middle;
      else open = middle;
    }
    const next = await movedEntry(open);
    if (next !== null && next.firstFrom <= moved) return { entry: open, sequence: next.last - (next.lastFrom - moved) };
    return { entry: done, sequence: Number.MAX_SAFE_INTEGER };
  }

  return {
    async append(entries, call) {
      for (let done = 0; done < entries.length;) done += await appendSome(entries.slice(done), call);
    },
    async read(after, call) {
      const { entry, sequence } = 'movedFrom' in after ? await translate(after.movedFrom, call) : after;
      const level = READ;
      // The entry that was done in part comes again, cut.
      let from = Math.max(0, entry - 1);
      const found: FeedEntry[] = [];
      while (found.length === 0) {
        const bucket = bucketAfter(from);
        const answer = await connection.execute(
          { query: select, params: [namespace, BigInt(bucket), BigInt(from), PER_READ] },
          level,
          call,
        );
        for (const row of answer.rows) {
          const read = entryOf(row);
          from = read.position;
          if (read.position > entry) found.push(read);
          else if (read.last > sequence) found.push({ ...read, first: Math.max(read.first, sequence + 1) });
        }
        const isBucketDone = from === (bucket + 1) * PER_BUCKET;
        if (!isBucketDone) break;
      }
      return found;
    },
  };
}

export function positionText({ entry, sequence }: Reached): Position {
  return `${entry}.${sequence}`;
}

/** The embedded engine's positions are plain numbers, this one's have two parts. */
export function parsePosition(position: Position | null): FeedPosition {
  if (position === null) return { entry: 0, sequence: 0 };
  const match = /^(\d{1,15})(?:\.(\d{1,16}))?$/.exec(position);
  if (match !== null && match[2] === undefined) return { movedFrom: Number(match[1]) };
  if (match === null) throw bad('after is not a position of this store');
  return { entry: Number(match[1]), sequence: Number(match[2]) };
}

/** Where the entry after this one lies. */
function bucketAfter(position: number): number {
  return Math.floor(position / PER_BUCKET);
}

function entryOf(row: object): FeedEntry {
  const { position, stream, first, last } = row as { position: bigint; stream: string; first: bigint; last: bigint };
  return { position: Number(position), stream, first: Number(first), last: Number(last) };
}

const READ = { consistency: consistencies.quorum, isIdempotent: true };
const PER_BUCKET = 10_000;
const PER_BATCH = 100;
const PER_READ = 200;
