import { createLeaseTable } from './lease-table.ts';
import type { LeaseTable } from './lease-table.ts';
import { createRelay } from './relay.ts';
import { keyOf } from './statement.ts';
import type { Statement } from './statement.ts';

/**
 * One copy of discovery, without network and clock: what it hears, what it wants to tell its peers, and whether it knows enough to be asked. Every copy
 * accepts statements and hands them to the others; those that agree on who said what agree on the picture. After Eureka; no leader, no quorum.
 */
export type Copy = {
  readonly id: string;
  readonly leases: LeaseTable;
  /** False until a peer told it who runs, nobody was there to tell, or everybody alive had the time to say so. */
  isReady(nowMs: number): boolean;
  /** From the instance itself. */
  hear(statement: Statement, nowMs: number): 'taken' | 'old' | 'full';
  /** From another copy; the answer to a whole exchange is what it does not know. */
  exchange(asked: Exchange, nowMs: number): Answer;
  /** What is to be sent to whom now. Each must be answered by `answered` or `failed`. */
  due(nowMs: number): readonly { readonly peer: string; readonly exchange: Exchange }[];
  answered(peer: string, answer: Answer, nowMs: number): void;
  /** `isAbsent`: nobody listens there, which is known at once; otherwise it may be there and know. */
  failed(peer: string, isAbsent: boolean, nowMs: number): void;
  /** See `Relay`. */
  cutOffFrom(): readonly string[];
};

export type Exchange = { readonly copy: string; readonly statements: readonly Statement[]; readonly isWhole: boolean };
export type Answer = {
  readonly copy: string;
  readonly isReady: boolean;
  readonly isPreserving: boolean;
  readonly statements: readonly Statement[];
};

/** One lease: whoever is alive and reaches this copy has renewed. */
const LISTEN_MS_MAX = 3_000;

export function createCopy({ id, peers, nowMs: startedAtMs }: { id: string; peers: readonly string[]; nowMs: number }): Copy {
  const leases = createLeaseTable();
  const relay = createRelay(peers);
  const unasked = new Set(peers);
  let ready = peers.length === 0;

  function isReady(nowMs: number): boolean {
    ready ||= unasked.size === 0 || nowMs - startedAtMs >= LISTEN_MS_MAX;
    return ready;
  }

  function unknownTo(asked: Exchange, nowMs: number): readonly Statement[] {
    const known = new Map(asked.statements.map((statement) => [keyOfStatement(statement), statement.sequence]));
    return leases.statements(nowMs).filter((statement) => statement.sequence > (known.get(keyOfStatement(statement)) ?? 0));
  }

  return {
    id,
    leases,
    isReady,
    hear(statement, nowMs) {
      const key = keyOfStatement(statement);
      const isUrgent = statement.kind === 'withdrawn' || leases.leftMs(key, nowMs) < statement.leaseMs / 2;
      const heard = leases.hear(statement, nowMs);
      if (heard === 'taken') relay.noted(key, isUrgent, nowMs);
      return heard;
    },
    exchange(asked, nowMs) {
      if (asked.copy !== id) for (const statement of asked.statements) leases.hear(statement, nowMs);
      const statements = asked.isWhole ? unknownTo(asked, nowMs) : [];
      return { copy: id, isReady: isReady(nowMs), isPreserving: leases.isPreserving(), statements };
    },
    due(nowMs) {
      return relay.due(nowMs).map(({ peer, keys }) => {
        const isWhole = keys === 'all';
        const statements = isWhole ? leases.statements(nowMs) : keys.flatMap((key) => leases.statement(key, nowMs) ?? []);
        return { peer, exchange: { copy: id, statements, isWhole } };
      });
    },
    answered(peer, answer, nowMs) {
      relay.delivered(peer, nowMs);
      if (answer.copy === id) {
        relay.drop(peer);
        unasked.delete(peer);
        return;
      }
      if (!isReady(nowMs) && answer.isReady) {
        leases.adopt(answer.statements, answer.isPreserving, nowMs);
        ready = true;
      } else for (const statement of answer.statements) leases.hear(statement, nowMs);
      unasked.delete(peer);
    },
    failed(peer, isAbsent, nowMs) {
      relay.failed(peer, nowMs);
      if (isAbsent) unasked.delete(peer);
    },
    cutOffFrom: () => relay.cutOffFrom(),
  };
}

function keyOfStatement(statement: Statement): string {
  return keyOf(statement.kind === 'present' ? statement.instance : statement);
}
