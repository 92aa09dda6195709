import { KvFault } from '@bioscope/kv';
import { initProducerIdV4, NumericMap, produceV9 } from '@platformatic/kafka';
import { pauseMs } from '../progress.ts';
import type { Cluster } from './cluster.ts';
import type { Connections } from './connections.ts';
import { waitImpatiently } from './impatience.ts';
import {
  type Batch,
  batchRefused,
  batchWritten,
  bytesOf,
  createLane,
  hasWork,
  type Identity,
  isUnsure,
  type Lane,
  type Message,
  settle,
  takeBatch,
} from './lane.ts';
import { createRoom } from './room.ts';
import { faultOfRefusal, isPassingRefusal, messageOf, refusalOfCode, UnreachableError, withRefusals } from './trouble.ts';

export type Publisher = {
  /** Durable on all replicas in sync when it resolves; settles by `deadlineMs` (of `performance.now()`). Messages of one partition keep their order, over calls too. */
  write(topic: string, messages: ReadonlyMap<number, readonly Message[]>, deadlineMs: number): Promise<void>;
  /** Lets what is under way finish, at most `withinMs`; the rest is `KV_CLOSED`. */
  close(withinMs: number): Promise<void>;
};

export type PublisherParts = {
  readonly cluster: Cluster;
  readonly connections: Connections;
  readonly trouble: (doing: string, error: unknown) => void;
};

/**
 * Sends batches to the leaders of their partitions, one request per broker at a time: while it is under way, what comes is joined into the
 * next. Every batch carries the producer's identity and a number, so that the broker takes it once however often it is sent (KIP-98).
 */
export function createPublisher({ cluster, connections, trouble }: PublisherParts): Publisher {
  const lanes = new Map<string, Lane>();
  /** Lanes with something to do, in the order in which they got it. */
  const working = new Set<Lane>();
  const busy = new Set<number>();
  const room = createRoom(QUEUED_BYTES_MAX);
  let identity: Promise<Identity> | null = null;
  let wake: NodeJS.Timeout | undefined;
  let pumping = false;
  let closed = false;
  let idle: (() => void) | null = null;

  function laneOf(topic: string, partition: number): Lane {
    const name = `${topic}:${partition}`;
    const known = lanes.get(name) ?? createLane(topic, partition);
    lanes.set(name, known);
    return known;
  }

  function enqueue(lane: Lane, messages: readonly Message[], deadlineMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle(parcel, faultAtDeadline(lane, parcel)), Math.max(0, deadlineMs - performance.now()));
      const parcel = {
        messages,
        written: 0,
        taken: 0,
        settled: false,
        settle: (fault: KvFault | null) => {
          clearTimeout(timer);
          if (fault === null) resolve();
          else reject(fault);
        },
      };
      lane.queue.push(parcel);
      working.add(lane);
    });
  }

  /** Sends whatever can be sent now; called whenever something may have changed. */
  function pump(): void {
    if (pumping) return;
    pumping = true;
    // Publications of the same tick go together.
    setImmediate(() => {
      pumping = false;
      void sendReady().catch((error: unknown) => {
        // Without an identity nothing can be sent.
        trouble('publish', error);
        for (const lane of working) if (!lane.inFlight) failed(lane, error);
        pumpLater();
      });
    });
  }

  async function sendReady(): Promise<void> {
    if (working.size === 0) return;
    const now = performance.now();
    const self = await (identity ??= newIdentity());
    const byNode = new Map<number, Lane[]>();
    for (const lane of working) {
      if (lane.inFlight || lane.notBeforeMs > now) continue;
      const leader = await leaderOf(lane);
      if (leader === null || busy.has(leader)) continue;
      const of = byNode.get(leader) ?? [];
      of.push(lane);
      byNode.set(leader, of);
    }
    for (const [node, ready] of byNode) void send(node, ready, self);
    pumpLater();
  }

  async function leaderOf(lane: Lane): Promise<number | null> {
    const view = await cluster.topic(lane.topic).catch((error: unknown) => {
      failed(lane, error);
      return null;
    });
    const leader = view?.leaders[lane.partition] ?? null;
    if (leader !== null && cluster.addressOf(leader) !== null) return leader;
    if (!lane.inFlight && lane.notBeforeMs <= performance.now()) {
      failed(lane, new UnreachableError(`nobody leads partition ${lane.partition} of ${lane.topic}`));
      renew(lane.topic);
    }
    return null;
  }

  async function send(node: number, ready: readonly Lane[], self: Identity): Promise<void> {
    const address = cluster.addressOf(node);
    if (address === null || busy.has(node)) return;
    const chosen = choose(ready, self);
    const [first] = chosen.values();
    if (first === undefined) return;
    busy.add(node);
    const sequences = new NumericMap();
    for (const [lane, batch] of chosen) {
      lane.inFlight = true;
      sequences.set(`${lane.topic}:${lane.partition}`, batch.sequence);
    }
    const records = [...chosen].flatMap(([{ topic, partition }, batch]) =>
      batch.messages.map((message) => ({ ...message, topic, partition })),
    );
    const { producerId, epoch } = first.identity;
    try {
      const options = { producerId, producerEpoch: epoch, sequences };
      const asked = withRefusals(connections.call(address, produceV9.api, [ALL_REPLICAS, WRITE_MS_MAX, records, options], ANSWER_MS_MAX));
      const answer = await waitImpatiently(asked, {
        everyMs: LEADERS_EVERY_MS,
        isPointless: () => leadsNone(node, chosen),
        giveUp: () => connections.drop(address),
      });
      take(chosen, answer as produceV9.ProduceResponse);
    } catch (error) {
      unanswered(chosen, error);
    } finally {
      busy.delete(node);
      for (const lane of chosen.keys()) {
        lane.inFlight = false;
        if (!hasWork(lane)) working.delete(lane);
      }
      if (working.size === 0) idle?.();
      pump();
    }
  }

  /** A broker that hangs is not asked to the end of its time once others lead what it has led. */
  async function leadsNone(node: number, chosen: ReadonlyMap<Lane, Batch>): Promise<boolean> {
    for (const topic of new Set([...chosen.keys()].map((lane) => lane.topic))) await cluster.refresh(topic);
    const views = await Promise.all(
      [...chosen.keys()].map(async ({ topic, partition }) => (await cluster.topic(topic))?.leaders[partition]),
    );
    return !views.includes(node);
  }

  /** One request carries one identity, and not more than a broker takes comfortably. */
  function choose(ready: readonly Lane[], self: Identity): Map<Lane, Batch> {
    const chosen = new Map<Lane, Batch>();
    let bytes = 0;
    let of: Identity | null = null;
    for (const lane of ready) {
      if (lane.inFlight || bytes > REQUEST_BYTES_MAX) continue;
      const batch = takeBatch(lane, self);
      if (batch === null) {
        if (!hasWork(lane)) working.delete(lane);
        continue;
      }
      of ??= batch.identity;
      if (batch.identity !== of) continue;
      chosen.set(lane, batch);
      for (const message of batch.messages) bytes += bytesOf(message);
    }
    return chosen;
  }

  function take(chosen: ReadonlyMap<Lane, Batch>, { responses }: produceV9.ProduceResponse): void {
    const refusals = new Map<string, string | null>();
    for (const { name, partitionResponses } of responses) {
      for (const { index, errorCode } of partitionResponses) {
        refusals.set(`${name}:${index}`, refusalOfCode(errorCode));
      }
    }
    for (const [lane, batch] of chosen) {
      const refusal = refusals.get(`${lane.topic}:${lane.partition}`);
      if (refusal === null || refusal === 'DUPLICATE_SEQUENCE_NUMBER') batchWritten(lane, batch);
      else refused(lane, batch, refusal ?? 'no answer for the partition');
    }
  }

  function refused(lane: Lane, batch: Batch, refusal: string): void {
    const doing = `publish to ${lane.topic}`;
    if (UNSURE_REFUSALS.has(refusal)) batch.unsure = true;
    if (IDENTITY_REFUSALS.has(refusal)) {
      // The broker no longer knows what we sent before. This batch is not written, and goes again under a new identity.
      identity = null;
      lane.batch = null;
      for (const { parcel, count } of batch.parts.toReversed()) {
        parcel.taken -= count;
        if (!lane.queue.includes(parcel)) lane.queue.unshift(parcel);
      }
    } else if (!isPassingRefusal(refusal)) {
      return batchRefused(lane, batch, faultOfRefusal(doing, refusal));
    }
    trouble(doing, new Error(refusal));
    failed(lane, faultOfRefusal(doing, refusal));
    renew(lane.topic);
  }

  function unanswered(chosen: ReadonlyMap<Lane, Batch>, error: unknown): void {
    const reached = !(error instanceof UnreachableError);
    for (const [lane, batch] of chosen) {
      if (reached) batch.unsure = true;
      failed(lane, error);
    }
    trouble('publish', error);
    for (const topic of new Set([...chosen.keys()].map((lane) => lane.topic))) renew(topic);
  }

  function failed(lane: Lane, error: unknown): void {
    lane.failures += 1;
    lane.trouble = error;
    lane.notBeforeMs = performance.now() + Math.min(pauseMs(lane.failures), RETRY_MS_MAX);
  }

  function renew(topic: string): void {
    void cluster.refresh(topic).then(pump, () => pumpLater());
  }

  function pumpLater(): void {
    let next = Infinity;
    for (const lane of working) if (!lane.inFlight) next = Math.min(next, Math.max(lane.notBeforeMs - performance.now(), LOOK_MS));
    clearTimeout(wake);
    if (next !== Infinity) wake = setTimeout(pump, next);
  }

  async function newIdentity(): Promise<Identity> {
    try {
      const { producerId, producerEpoch } = await cluster.ask(initProducerIdV4.api, [null, ANSWER_MS_MAX, -1n, -1]);
      return { producerId, epoch: producerEpoch };
    } catch (error) {
      identity = null;
      throw error;
    }
  }

  return {
    async write(topic, messages, deadlineMs) {
      if (closed) throw new KvFault('KV_CLOSED', 'the log is closed');
      let bytes = 0;
      for (const of of messages.values()) for (const message of of) bytes += bytesOf(message);
      const leave = await room.enter(bytes, deadlineMs);
      if (closed) {
        leave();
        throw new KvFault('KV_CLOSED', 'the log is closed');
      }
      const parcels = [...messages].map(([partition, of]) => enqueue(laneOf(topic, partition), of, deadlineMs));
      pump();
      const outcomes = await Promise.allSettled(parcels).finally(leave);
      const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as KvFault] : []));
      if (failures.length === 0) return;
      // Some partitions have it, some do not: nothing surer can be said of the whole than of its least sure part.
      throw failures.find(({ code }) => code === 'KV_DEADLINE') ?? failures[0];
    },
    async close(withinMs) {
      closed = true;
      room.close();
      if (working.size > 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, withinMs);
          idle = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      clearTimeout(wake);
      for (const lane of working) {
        const fault = new KvFault('KV_CLOSED', `the log was closed while publishing to ${lane.topic}`);
        for (const { parcel } of lane.batch?.parts ?? []) settle(parcel, fault);
        for (const parcel of lane.queue) settle(parcel, fault);
      }
      working.clear();
    },
  };
}

function faultAtDeadline(lane: Lane, parcel: Parameters<typeof isUnsure>[1]): KvFault {
  const because = lane.trouble === null ? 'the broker has not answered yet' : messageOf(lane.trouble);
  const message = `publish to ${lane.topic}: not done by the deadline: ${because}`;
  if (isUnsure(lane, parcel)) return new KvFault('KV_DEADLINE', message, { cause: lane.trouble });
  const isFull = lane.trouble instanceof KvFault && lane.trouble.code === 'KV_NO_SPACE';
  return new KvFault(isFull ? 'KV_NO_SPACE' : 'KV_UNAVAILABLE', message, { cause: lane.trouble });
}

const ALL_REPLICAS = -1;
/** What waits to be written, over all topics; more publishers wait in line. */
const QUEUED_BYTES_MAX = 64 * 1024 * 1024;
const REQUEST_BYTES_MAX = 8 * 1024 * 1024;
/** How long a broker may wait for its replicas … */
const WRITE_MS_MAX = 3_000;
/** … and we for the broker, before another is looked for. */
const ANSWER_MS_MAX = 4_000;
const LEADERS_EVERY_MS = 1_000;
const RETRY_MS_MAX = 1_000;
/** Bounds the harm should a change go unnoticed. */
const LOOK_MS = 20;
/** Written by the leader, not by enough replicas; or not known. */
const UNSURE_REFUSALS: ReadonlySet<string> = new Set(['NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'REQUEST_TIMED_OUT']);
const IDENTITY_REFUSALS: ReadonlySet<string> = new Set(['UNKNOWN_PRODUCER_ID', 'OUT_OF_ORDER_SEQUENCE_NUMBER', 'INVALID_PRODUCER_EPOCH']);
