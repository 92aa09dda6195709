import { setTimeout as pause } from 'node:timers/promises';
import { KV_FAULTS, KvFault } from '../port.ts';
import type { Call } from './calls.ts';
import type { Connection, Statement } from './connection.ts';
import { faultOf, isAmbiguous } from './faults.ts';
import type { Homes, Place } from './homes.ts';
import { createTurns } from './turns.ts';

export type { Place } from './homes.ts';

export type Row = Readonly<Record<string, unknown>>;
/** `epoch`: the one that the partition carries. */
export type Decision<Seen> = { readonly kind: 'done' } | { readonly kind: 'refused'; readonly by: Seen; readonly epoch: number | null };

/** How a partition that another region wrote is taken over: everything in it, and a conditional statement that sets `epoch` first and tests it last. */
export type Adoption = {
  /** One row with `epoch`, when there is anything. */
  readonly state: Statement;
  readonly read: Statement;
  readonly write: string;
  readonly params: readonly unknown[];
};

export type DecideRequest<Seen> = {
  readonly namespace: string;
  /** Of the partition: decisions of this process about it take turns. */
  readonly key: string;
  readonly call: Call;
  /** The command is one for a partition that is not there yet: it tests `epochOfNew` instead of `epoch`. */
  readonly expectsNew: boolean;
  readonly attempt: (place: Place) => Promise<Decision<Seen>>;
  /** What the caller's own command did, asked with a serial read; null when it did nothing, and then never will without being sent again. */
  readonly find: (place: Place) => Promise<Decision<Seen> | null>;
  readonly adopt: Adoption;
};

export type Decider = {
  /** Null when it was done; else what stood against it. */
  decide<Seen>(request: DecideRequest<Seen>): Promise<Seen | null>;
  /** A conditional batch in one partition: null when it was applied, else the row that says why not. */
  batch(place: Place, statements: readonly Statement[], call: Call): Promise<Row | null>;
  conditional(place: Place, statement: Statement, call: Call): Promise<Row | null>;
  /** Finishes what is in flight in the partition, then reads. */
  serialRead(place: Place, statement: Statement, call: Call): Promise<readonly Row[]>;
  /** The newest decided state of a partition, all rows of the statement; `epoch` must be among its columns. */
  read(namespace: string, statement: Statement, adopt: Adoption, call: Call): Promise<readonly Row[]>;
  /** The same of a partition known to be there, after finishing what is in flight in it. */
  readFinished(namespace: string, statement: Statement, call: Call): Promise<readonly Row[]>;
};

/**
 * Decisions by Paxos in one partition each. A decision whose answer was lost is looked up by its command before it is tried again: a serial
 * read first finishes or discards what is in flight (Cassandra's CEP-14). What a stopped node has not even begun is not found and may still come, so
 * every command tests a version that grows: late, it fits no more. That holds for versions that somebody has seen, as the port asks. Who expects
 * one that is yet to come, and is refused after an attempt without an answer, may find later that it happened when it fitted.
 */
export function createDecider(connection: Connection, homes: Homes): Decider {
  const takeTurn = createTurns();

  async function decideInTurn<Seen>(request: DecideRequest<Seen>): Promise<Seen | null> {
    const { namespace, call, expectsNew } = request;
    let unclear = false;
    /** What the partition carries, once it was looked at. */
    let carried: bigint | null | undefined;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const now = await homes.placeOf(namespace, call);
        const place = carried === undefined ? now : { ...now, epochOfNew: carried };
        const known = unclear ? await request.find(place) : null;
        unclear = false;
        const decision = known ?? (await attemptOnce(request, place, () => (unclear = true)));
        if (decision.kind === 'done') return null;
        if (known !== null || place.epoch === null) return decision.by;
        if (decision.epoch === Number(place.epoch)) {
          // It is there, or it was marked before it was: the command is decided under the epoch that it carries.
          if (!expectsNew || carried === place.epoch) return decision.by;
          carried = place.epoch;
        } else if (await adopt(namespace, place, request.adopt, call)) carried = place.epoch;
        else if (!expectsNew || carried === null) return decision.by;
        else carried = null;
      } catch (error) {
        await rideOut(error, attempt, call);
      }
    }
  }

  async function attemptOnce<Seen>(request: DecideRequest<Seen>, place: Place, becameUnclear: () => void): Promise<Decision<Seen>> {
    try {
      return await request.attempt(place);
    } catch (error) {
      if (isAmbiguous(error)) becameUnclear();
      throw error;
    }
  }

  /** Reads the whole partition from a majority of all copies, which mends this region's, then marks it as this region's. False when there is nothing. */
  async function adopt(namespace: string, place: Place, { read, write, params }: Adoption, call: Call): Promise<boolean> {
    const level = { consistency: place.level.consistency, dataCentre: place.level.dataCentre, isIdempotent: true };
    let pageState: string | undefined;
    let epoch: unknown = null;
    let any = false;
    do {
      const page = await connection.execute(read, level, call, {
        fetchSize: ADOPT_ROWS,
        ...(pageState === undefined ? {} : { pageState }),
      });
      for (const row of page.rows) {
        epoch = row['epoch'];
        any = true;
      }
      pageState = page.pageState ?? undefined;
    } while (pageState !== undefined);
    if (typeof epoch === 'bigint' && place.epoch !== null && epoch > place.epoch) {
      homes.distrust(namespace);
      throw new KvFault('KV_UNAVAILABLE', `namespace ${namespace} was moved while this process did not hear of it: try again`);
    }
    if (any && epoch !== place.epoch) await conditional(place, { query: write, params: [place.epoch, ...params, epoch] }, call);
    return any;
  }

  async function conditional(place: Place, statement: Statement, call: Call): Promise<Row | null> {
    const answer = await connection.execute(statement, { ...place.level, isIdempotent: false }, call);
    return answer.wasApplied() ? null : (answer.rows[0] ?? {});
  }

  async function serialRead(place: Place, statement: Statement, call: Call): Promise<readonly Row[]> {
    const { serialConsistency: consistency, dataCentre } = place.level;
    const answer = await connection.execute(statement, { consistency, dataCentre, isIdempotent: true }, call);
    return answer.rows;
  }

  async function readOnce(namespace: string, statement: Statement, adoption: Adoption, call: Call): Promise<readonly Row[]> {
    const place = await homes.placeOf(namespace, call);
    if (place.epoch === null) {
      // Every decision is committed to a majority before it is answered, and a majority read mends what it finds behind.
      const answer = await connection.execute(statement, { consistency: place.level.consistency, isIdempotent: true }, call);
      return answer.rows;
    }
    const rows = await serialRead(place, statement, call);
    const [row] = rows.length === 0 ? await serialRead(place, adoption.state, call) : rows;
    if (row?.['epoch'] === place.epoch) return rows;
    if (!(await adopt(namespace, place, adoption, call))) return [];
    return serialRead(place, statement, call);
  }

  return {
    decide: (request) => takeTurn(request.key, () => decideInTurn(request)),
    async batch(place, statements, call) {
      const answer = await connection.batch(statements, { ...place.level, isIdempotent: false }, call);
      return answer.wasApplied() ? null : (answer.rows[0] ?? {});
    },
    conditional,
    serialRead,
    read: (namespace, statement, adoption, call) => patiently(call, () => readOnce(namespace, statement, adoption, call)),
    readFinished: (namespace, statement, call) =>
      patiently(call, async () => serialRead(await homes.placeOf(namespace, call), statement, call)),
  };
}

/** Tries again what failed, for as long as that is of use. */
export function patiently<T>(call: Call, work: () => Promise<T>, attempt = 1): Promise<T> {
  // Without a frame of its own while all goes well: this stands around every call.
  return work().catch(async (error: unknown) => {
    await rideOut(error, attempt, call);
    return patiently(call, work, attempt + 1);
  });
}

/** Waits a little before the next attempt, or throws when there is no time, no use, or enough was tried. */
export async function rideOut(error: unknown, attempt: number, call: Call): Promise<void> {
  const fault = faultOf(error);
  const pauseMs = Math.min(PAUSE_MS * 2 ** attempt, PAUSE_MS_MAX) * (0.5 + Math.random());
  if (!KV_FAULTS[fault.code].retry || attempt >= ATTEMPTS_MAX || call.leftMs() <= pauseMs) throw fault;
  await pause(pauseMs);
  if (call.leftMs() <= 0) throw new KvFault('KV_DEADLINE', 'no answer before the deadline; a write may still happen', { cause: error });
}

/** With up to 3 s each more than the usual deadline allows: the deadline decides. */
const ATTEMPTS_MAX = 12;
const PAUSE_MS = 10;
const PAUSE_MS_MAX = 500;
const ADOPT_ROWS = 500;
