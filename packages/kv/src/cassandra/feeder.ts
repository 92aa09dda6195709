import { randomUUID } from 'node:crypto';
import { types } from 'cassandra-driver';
import type { Registers } from '../port.ts';
import type { Call, Calls } from './calls.ts';
import type { Connection } from './connection.ts';
import type { Decider } from './decider.ts';
import type { Feed, FeedEntry } from './feed.ts';
import type { Intents, OpenIntent } from './intents.ts';

const { consistencies } = types;

export type FeederParts = {
  readonly keyspace: string;
  readonly namespace: string;
  readonly connection: Connection;
  readonly decider: Decider;
  readonly calls: Calls;
  readonly registers: () => Pick<Registers, 'acquireLease' | 'releaseLease'>;
  readonly intents: Intents;
  readonly feed: Feed;
  /** Called after entries were added here. */
  readonly fed: () => void;
  readonly onTrouble: (error: unknown) => void;
  /** Longer than any call may take: what is closed earlier is only delayed, but for nothing. */
  readonly closeIntentsAfterMs: number;
};

/** What an append of this process came to: saves the feeder from looking it up. */
export type OwnAppend = { readonly stream: string; readonly command: string; readonly head: number };
export type Feeder = { appended(own: OwnAppend): void; close(): Promise<void> };

type Waiting = OpenIntent & { readonly seenAtMs: number };
type StreamState = { readonly head: number; readonly fed: number; readonly found: ReadonlySet<string> };

/**
 * Brings what was appended into the feed of its namespace. One process does it at a time, by a lease that only saves work: two of them at once
 * would feed an event twice, never none and never out of order. Per stream a cursor (`fed`) moves after the feed has the events, and an intent goes only
 * when its command is in the stream and fed, or can never come.
 */
export function createFeeder(parts: FeederParts): Feeder {
  const { keyspace, namespace, connection, decider, calls, intents, feed } = parts;
  const table = `${keyspace}.streams`;
  const where = 'WHERE namespace = ? AND stream = ?';
  const commands = `SELECT command, head, fed FROM ${table} ${where} AND kind = 1 AND sequence = 0 AND command IN ?`;
  const state = `SELECT head, fed, closed, epoch FROM ${table} ${where} LIMIT 1`;
  const mark = `UPDATE ${table} SET fed = ? ${where}`;
  const shut = `UPDATE ${table} SET closed = ?, epoch = ? ${where} IF closed = ? AND epoch = ?`;
  const adoption = `UPDATE ${table} SET epoch = ? ${where} IF epoch = ?`;
  const everything = `SELECT kind, sequence, command, type, data, caused_by, recorded_at, outcome, head, closed, epoch FROM ${table} ${where}`;

  const closing = new AbortController();
  const holder = randomUUID();
  const waiting = new Map<string, Waiting>();
  const own = new Map<string, OwnAppend>();
  /** How far the feed has streams, as far as this feeder brought them there. */
  const fedHere = new Map<string, number>();
  let lease: { fence: number; untilMs: number } | null = null;
  let newest: Date | null = null;
  let lookedAtAllMs = -Infinity;
  let isNudged = false;
  let pollMs = POLL_MS_MIN;
  let wakeUp: (() => void) | null = null;
  const work = run();

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        const mayFeed = await haveLease();
        const fedSome = mayFeed && (await calls.run({ deadlineMs: TICK_MS_MAX, signal: closing.signal }, 0, (call) => feedOnce(call)));
        pollMs = fedSome ? POLL_MS_MIN : Math.min(pollMs * 1.5, POLL_MS_MAX);
        await wait(mayFeed ? pollMs : LEASE_RETRY_MS, mayFeed);
      } catch (error) {
        if (closing.signal.aborted) return;
        parts.onTrouble(error);
        await wait(TROUBLE_PAUSE_MS, false);
      }
    }
  }

  async function haveLease(): Promise<boolean> {
    const now = performance.now();
    if (lease !== null && now < lease.untilMs - LEASE_MS / 2) return true;
    const answer = await parts
      .registers()
      .acquireLease({ namespace: FEEDERS, name: namespace, holder, ttlMs: LEASE_MS }, { deadlineMs: LEASE_MS, signal: closing.signal });
    if (answer.kind === 'held' && lease === null) lookedAtAllMs = -Infinity;
    if (answer.kind !== 'held') fedHere.clear();
    lease = answer.kind === 'held' ? { fence: answer.fence, untilMs: now + LEASE_MS } : null;
    return lease !== null;
  }

  /** True when something was fed or is on its way. */
  async function feedOnce(call: Call): Promise<boolean> {
    await lookForIntents(call);
    if (waiting.size === 0) return false;
    const byStream = Map.groupBy(waiting.values(), ({ stream }) => stream);
    const entries: Omit<FeedEntry, 'position'>[] = [];
    const settled: OpenIntent[] = [];
    await eachAtOnce([...byStream], async ([stream, open]) => {
      const { head, fed, found } = await lookAt(stream, open, call);
      if (head > fed) entries.push({ stream, first: fed + 1, last: head });
      settled.push(...open.filter(({ command }) => found.has(command)));
    });
    await feed.append(entries, call);
    if (entries.length > 0) parts.fed();
    await eachAtOnce(entries, async ({ stream, last }) => {
      await connection.execute({ query: mark, params: [BigInt(last), namespace, stream] }, QUORUM, call);
      if (fedHere.size >= REMEMBERED_MAX) fedHere.clear();
      fedHere.set(stream, last);
    });
    await intents.remove(namespace, settled, call);
    for (const { at, command } of settled) {
      waiting.delete(at.toString());
      own.delete(command);
    }
    return true;
  }

  /** New ones are looked for among the latest; everything is looked through now and then, for writers whose clocks are wrong. */
  async function lookForIntents(call: Call): Promise<void> {
    const now = performance.now();
    const today = new Date();
    const all = newest === null || now - lookedAtAllMs > LOOK_AT_ALL_MS;
    const since = all || newest === null ? null : new Date(newest.getTime() - CLOCKS_DIFFER_MS);
    if (all) lookedAtAllMs = now;
    for (const intent of await intents.open(namespace, since, call)) {
      const key = intent.at.toString();
      if (!waiting.has(key)) waiting.set(key, { ...intent, seenAtMs: now });
      // A writer whose clock is ahead must not hide the others'.
      const at = intent.at.getDate() < today ? intent.at.getDate() : today;
      if (newest === null || at > newest) newest = at;
    }
  }

  async function lookAt(stream: string, open: readonly Waiting[], call: Call): Promise<StreamState> {
    const known = knownOf(stream, open);
    if (known !== null) return known;
    const seen = await readCommands(stream, open, call);
    const old = performance.now() - parts.closeIntentsAfterMs;
    if (!open.some(({ command, seenAtMs }) => seenAtMs < old && !seen.found.has(command))) return seen;
    // Its writer has long given up or died. From here on it cannot come any more; whether it came before is now certain.
    await close(stream, call);
    const last = await readCommands(stream, open, call);
    const found = new Set([...last.found, ...open.filter(({ seenAtMs }) => seenAtMs < old).map(({ command }) => command)]);
    return { ...last, found };
  }

  /** When all that is open in a stream was appended by this process, and it fed the stream before. */
  function knownOf(stream: string, open: readonly OpenIntent[]): StreamState | null {
    const fed = fedHere.get(stream);
    if (fed === undefined) return null;
    let head = fed;
    const found = new Set<string>();
    for (const { command } of open) {
      const append = own.get(command);
      if (append?.stream !== stream) return null;
      head = Math.max(head, append.head);
      found.add(command);
    }
    return { head, fed, found };
  }

  async function readCommands(stream: string, open: readonly OpenIntent[], call: Call): Promise<StreamState> {
    const wanted = [...new Set(open.map(({ command }) => command))].slice(0, COMMANDS_PER_QUERY);
    const answer = await connection.execute({ query: commands, params: [namespace, stream, wanted] }, QUORUM, call);
    let [row] = answer.rows;
    const found = new Set(answer.rows.map((each) => each['command'] as string));
    if (row === undefined) row = (await connection.execute({ query: state, params: [namespace, stream] }, QUORUM, call)).rows[0];
    return { head: numberOf(row?.['head']), fed: numberOf(row?.['fed']), found };
  }

  async function close(stream: string, call: Call): Promise<void> {
    const to = randomUUID();
    let seen: string | null = null;
    for (let attempt = 0; attempt < CLOSE_ATTEMPTS_MAX; attempt += 1) {
      const expected: string | null = seen;
      const against = await decider.decide<{ closed: string | null }>({
        namespace,
        key: `stream ${namespace} ${stream}`,
        call,
        expectsNew: true,
        async attempt(place) {
          const [row] = await decider.serialRead(place, { query: state, params: [namespace, stream] }, call);
          const epoch = row === undefined ? place.epochOfNew : place.epoch;
          const refused = await decider.conditional(
            place,
            { query: shut, params: [to, place.epochToSet, namespace, stream, expected, epoch] },
            call,
          );
          if (refused === null) return { kind: 'done' };
          const carried = refused['epoch'];
          return {
            kind: 'refused',
            by: { closed: (refused['closed'] as string | null | undefined) ?? null },
            epoch: typeof carried === 'bigint' ? Number(carried) : null,
          };
        },
        async find(place) {
          const [row] = await decider.serialRead(place, { query: state, params: [namespace, stream] }, call);
          return row?.['closed'] === to ? { kind: 'done' } : null;
        },
        adopt: {
          state: { query: state, params: [namespace, stream] },
          read: { query: everything, params: [namespace, stream] },
          write: adoption,
          params: [namespace, stream],
        },
      });
      if (against === null) return;
      seen = against.closed;
    }
    throw new Error(`stream ${stream} is closed by others again and again`);
  }

  async function wait(ms: number, mayBeNudged: boolean): Promise<void> {
    if (closing.signal.aborted || (mayBeNudged && isNudged)) {
      // A moment for others to join, so that a hundred appends become one entry of the feed each, but one batch.
      ms = closing.signal.aborted ? 0 : GATHER_MS;
      mayBeNudged = false;
    }
    isNudged = false;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wakeUp = () => {
        if (!closing.signal.aborted && !mayBeNudged) return;
        clearTimeout(timer);
        resolve();
      };
    });
    wakeUp = null;
  }

  return {
    appended(append) {
      // Whoever does not feed forgets: it is told of every append here, and settles none.
      if (own.size >= REMEMBERED_MAX) own.clear();
      own.set(append.command, append);
      isNudged = true;
      pollMs = POLL_MS_MIN;
      wakeUp?.();
    },
    async close() {
      closing.abort();
      wakeUp?.();
      await work;
      if (lease !== null)
        await parts
          .registers()
          .releaseLease({ namespace: FEEDERS, name: namespace, holder, fence: lease.fence }, { deadlineMs: 1_000 })
          .catch(() => {});
    },
  };
}

async function eachAtOnce<T>(all: readonly T[], work: (each: T) => Promise<void>): Promise<void> {
  const rest = all.values();
  await Promise.all(
    Array.from({ length: Math.min(AT_ONCE, all.length) }, async () => {
      for (const each of rest) await work(each);
    }),
  );
}

function numberOf(value: unknown): number {
  return typeof value === 'bigint' ? Number(value) : 0;
}

/** Where the leases lie. */
export const FEEDERS = 'kv_feeders';
const QUORUM = { consistency: consistencies.quorum, isIdempotent: true };
const LEASE_MS = 6_000;
const LEASE_RETRY_MS = 1_500;
const TICK_MS_MAX = 20_000;
const TROUBLE_PAUSE_MS = 500;
const GATHER_MS = 10;
const POLL_MS_MIN = 50;
const POLL_MS_MAX = 500;
const LOOK_AT_ALL_MS = 30_000;
/** Between the fastest and the slowest writer's clock; worse ones are only fed later. */
const CLOCKS_DIFFER_MS = 60_000;
const CLOSE_ATTEMPTS_MAX = 5;
const COMMANDS_PER_QUERY = 100;
const AT_ONCE = 16;
/** Of what only saves looking: beyond it all is forgotten. */
const REMEMBERED_MAX = 10_000;
