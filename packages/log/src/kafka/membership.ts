import {
  type API,
  decodeConsumerProtocolAssignment,
  decodeConsumerProtocolSubscription,
  encodeConsumerProtocolAssignment,
  encodeConsumerProtocolSubscription,
  findErrorBy,
  heartbeatV4,
  joinGroupV9,
  leaveGroupV5,
  offsetCommitV9,
  syncGroupV5,
} from '@platformatic/kafka';
import { createBell } from '../bell.ts';
import { pauseMs } from '../progress.ts';
import { assign } from './assignment.ts';
import type { Cluster } from './cluster.ts';
import { type Address, type Connections, nameOf } from './connections.ts';
import { waitImpatiently } from './impatience.ts';
import { refusalOf, UnreachableError } from './trouble.ts';

export type MembershipParts = {
  readonly cluster: Cluster;
  /** Joining makes the broker wait: connections of their own. */
  readonly connections: Connections;
  readonly topic: string;
  readonly group: string;
  readonly trouble: (doing: string, error: unknown) => void;
  /** What the member holds now. */
  readonly holds: () => readonly number[];
  /** What it is to hold from now on. What it holds beyond this it lets go, and then calls `rejoin`. */
  readonly assigned: (partitions: ReadonlySet<number>) => void;
  /** It holds nothing any more. */
  readonly lost: () => void;
};

export type Commit = { readonly partition: number; readonly offset: number; readonly note: string };

export type Membership = {
  /** Whether the group still counts on this member: nothing may be begun otherwise. */
  isValid(): boolean;
  /** True when the group has it; false when it could not be taken at the moment: see whether the partition is still held, and try again. */
  commit(commits: readonly Commit[]): Promise<boolean>;
  rejoin(): void;
  /** Leaves the group, so that others need not wait until this member is missed. */
  close(): Promise<void>;
};

/**
 * One member of a Kafka consumer group, by the group protocol that all brokers know (JoinGroup, SyncGroup, Heartbeat). It joins beside the work,
 * without stopping it: what it holds it keeps until it is told otherwise (see assignment.ts). Answers to what the broker asks come
 * from this loop alone, however long a handler takes.
 */
export function createMembership(parts: MembershipParts): Membership {
  const { cluster, connections, topic, group, trouble, holds, assigned, lost } = parts;
  let coordinator: Address | null = null;
  let member = '';
  let generation = -1;
  let mustJoin = true;
  let validUntilMs = 0;
  let joining = false;
  const closing = new AbortController();
  const pulse = createBell();
  const work = run();

  async function run(): Promise<void> {
    let failures = 0;
    while (!closing.signal.aborted) {
      try {
        if (mustJoin) await join();
        else await beat();
        failures = 0;
        if (!mustJoin) await pulse.wait(HEARTBEAT_MS);
      } catch (error) {
        if (closing.signal.aborted) return;
        if (!understand(error)) {
          failures += 1;
          trouble(`stay in the group ${group}`, error);
          await pulse.wait(Math.min(pauseMs(failures), RETRY_MS_MAX));
        }
      }
    }
  }

  /** What a refusal says about the membership; false when it says nothing that joining at once would mend. */
  function understand(error: unknown): boolean {
    const refusal = refusalOf(error) ?? '';
    switch (refusal) {
      case 'REBALANCE_IN_PROGRESS':
        mustJoin = true;
        return true;
      case 'MEMBER_ID_REQUIRED':
        // The first time, the broker only gives a name, under which to ask again.
        member = nameGivenIn(error);
        return true;
      case 'UNKNOWN_MEMBER_ID':
      case 'ILLEGAL_GENERATION':
      case 'FENCED_INSTANCE_ID':
        if (refusal !== 'ILLEGAL_GENERATION') member = '';
        generation = -1;
        mustJoin = true;
        validUntilMs = 0;
        lost();
        return true;
      default:
        // Moved, loading, or not to be reached: look again who it is.
        coordinator = null;
        return false;
    }
  }

  async function ask<Request extends unknown[], Answer>(api: API<Request, Answer>, request: Request, withinMs: number): Promise<Answer> {
    coordinator ??= await cluster.coordinatorOf(group);
    return connections.call(coordinator, api, request, withinMs);
  }

  async function beat(): Promise<void> {
    const askedMs = performance.now();
    try {
      await ask(heartbeatV4.api, [group, generation, member, null], ANSWER_MS_MAX);
    } catch (error) {
      // It is asked to join again, and counted as alive.
      if (refusalOf(error) === 'REBALANCE_IN_PROGRESS') validUntilMs = askedMs + SESSION_MS;
      throw error;
    }
    validUntilMs = askedMs + SESSION_MS;
  }

  async function join(): Promise<void> {
    mustJoin = false;
    joining = true;
    try {
      const claimed = holds();
      const answer = await askToJoin(claimed);
      ({ memberId: member, generationId: generation } = answer);
      const askedMs = performance.now();
      const plan = answer.leader === member ? await planFor(answer) : [];
      const { assignment } = await ask(
        syncGroupV5.api,
        [group, generation, member, null, PROTOCOL_TYPE, answer.protocolName, plan],
        ANSWER_MS_MAX,
      );
      validUntilMs = askedMs + SESSION_MS;
      const own = decodeConsumerProtocolAssignment(assignment).assignedPartitions.find((of) => of.topic === topic);
      const now = new Set(own?.partitions ?? []);
      assigned(now);
      // Claimed, not given back, and let go of in the meantime: the group waits to hear that.
      const holding = new Set(holds());
      if (claimed.some((partition) => !now.has(partition) && !holding.has(partition))) mustJoin = true;
    } catch (error) {
      mustJoin = true;
      throw error;
    } finally {
      joining = false;
    }
  }

  async function askToJoin(claimed: readonly number[]): Promise<joinGroupV9.JoinGroupResponse> {
    coordinator ??= await cluster.coordinatorOf(group);
    const to = coordinator;
    const metadata = encodeConsumerProtocolSubscription({
      version: SUBSCRIPTION_VERSION,
      topics: [topic],
      ownedPartitions: [{ topic, partitions: [...claimed] }],
      generationId: generation,
    });
    const request = connections.call(
      to,
      joinGroupV9.api,
      [group, SESSION_MS, REBALANCE_MS, member, null, PROTOCOL_TYPE, [{ name: PROTOCOL, metadata }], null],
      REBALANCE_MS + ANSWER_MS_MAX,
    );
    // The broker answers when all members have joined, which takes its time; a hanging one never does.
    return waitImpatiently(request, {
      everyMs: COORDINATOR_EVERY_MS,
      isPointless: async () => nameOf(await cluster.coordinatorOf(group)) !== nameOf(to),
      giveUp: () => connections.drop(to),
    });
  }

  /** One member, the leader, decides for all. */
  async function planFor({ members }: joinGroupV9.JoinGroupResponse): Promise<{ memberId: string; assignment: Buffer }[]> {
    const view = await cluster.topic(topic);
    if (view === null) throw new UnreachableError(`the topic ${topic} is gone`);
    const claimants = members.map(({ memberId, metadata }) => {
      const claim = decodeConsumerProtocolSubscription(metadata);
      const own = claim.ownedPartitions.find((of) => of.topic === topic);
      return { member: memberId, holds: own?.partitions ?? [], generation: claim.generationId };
    });
    return [...assign(claimants, view.leaders.length)].map(([memberId, partitions]) => ({
      memberId,
      assignment: encodeConsumerProtocolAssignment({
        version: SUBSCRIPTION_VERSION,
        assignedPartitions: [{ topic, partitions: [...partitions] }],
      }),
    }));
  }

  return {
    isValid: () => performance.now() < validUntilMs,
    async commit(commits) {
      if (member === '') return false;
      const partitions = commits.map(({ partition, offset, note }) => ({
        partitionIndex: partition,
        committedOffset: BigInt(offset),
        committedLeaderEpoch: -1,
        committedMetadata: note,
      }));
      try {
        await ask(offsetCommitV9.api, [group, generation, member, null, [{ name: topic, partitions }]], ANSWER_MS_MAX);
        return true;
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal === 'REBALANCE_IN_PROGRESS' || refusal === 'ILLEGAL_GENERATION' || refusal === 'UNKNOWN_MEMBER_ID') {
          // The loop hears the same, or has just joined: it alone decides what it means.
          pulse.ring();
          return false;
        }
        coordinator = null;
        throw error;
      }
    },
    rejoin() {
      mustJoin = true;
      pulse.ring();
    },
    async close() {
      closing.abort();
      pulse.ring();
      // A pending join would keep us waiting; the connection is not needed any more.
      if (coordinator !== null && joining) connections.drop(coordinator);
      await work;
      if (member === '') return;
      await ask(leaveGroupV5.api, [group, [{ memberId: member }]], ANSWER_MS_MAX).catch(() => {
        // Then the group misses it after the session time.
      });
    },
  };
}

function nameGivenIn(error: unknown): string {
  const given = error instanceof Error ? findErrorBy(error, 'apiId', 'MEMBER_ID_REQUIRED') : null;
  return given !== null && 'memberId' in given ? String(given.memberId) : '';
}

const PROTOCOL_TYPE = 'consumer';
/** Ours alone: members of a group must agree on how they share. */
const PROTOCOL = 'bioscope-cooperative';
/** The first version with the generation beside the partitions held. */
const SUBSCRIPTION_VERSION = 2;
/** A member not heard of for this long is dropped, and what it had not committed is handled again elsewhere. */
const SESSION_MS = 10_000;
/** How soon members hear that others came or went. */
const HEARTBEAT_MS = 500;
/** How long the group waits for a member to join again; no handler keeps it from doing so. */
const REBALANCE_MS = 30_000;
const ANSWER_MS_MAX = 4_000;
const COORDINATOR_EVERY_MS = 2_000;
const RETRY_MS_MAX = 1_000;
