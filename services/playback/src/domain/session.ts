import type { PathwayBase } from './manifest/presentation.ts';

/** One viewer playing one edition. What the manifests of the session are made of stays as it was at its start. */
export type Session = {
  readonly id: string;
  readonly titleId: string;
  readonly editionId: string;
  readonly viewerId: string;
  readonly durationMs: number;
  /** Best first. */
  readonly pathways: readonly PathwayBase[];
  readonly startedAtMs: number;
  /** When it was last known to be alive; renewed coarsely. */
  readonly renewedAtMs: number;
  /** Null while it goes on. */
  readonly endedAtMs: number | null;
  /** Another device of the account ended it. */
  readonly isStopped?: boolean;
  /** Null where the service has no members. */
  readonly grant: Grant | null;
};

/** By what right a session plays, as it was last decided. */
export type Grant = {
  readonly accountId: string;
  readonly deviceId: string;
  /** Of the session's stream slot. */
  readonly fence: number;
  /** Nothing higher is delivered; 0: everything that there is. */
  readonly heightMax: number;
  readonly streamsMax: number;
  /** To be decided again by then; each heartbeat does. */
  readonly untilMs: number;
};

/** Manifests and tokens are given on the last decision for this long after it should have been renewed: heartbeats are late, and access may be away. */
export const GRANT_GRACE_MS = 5 * 60_000;

/** Whether the session's record must say something new. A later end alone is written when the old one comes near. */
export function needsWriting(before: Grant | null, after: Grant | null, nowMs: number): boolean {
  if (before === null || after === null) return before !== after;
  const isOther = before.fence !== after.fence || before.heightMax !== after.heightMax || before.streamsMax !== after.streamsMax;
  return isOther || after.untilMs < before.untilMs || (after.untilMs > before.untilMs && before.untilMs - nowMs < GRANT_GRACE_MS / 2);
}

export function isGranted({ grant }: Pick<Session, 'grant'>, nowMs: number): boolean {
  return grant === null || nowMs <= grant.untilMs + GRANT_GRACE_MS;
}

/** A film paused over night can go on; after this the player starts a new session. */
export const SESSION_IDLE_MS_MAX = 12 * 60 * 60_000;
/** How long an ended session is still told apart from one that never was. */
export const SESSION_REMEMBERED_MS = 60 * 60_000;
/** A session is written again this often at most; a heartbeat in between only stores the bookmark. */
const SESSION_RENEWED_EVERY_MS = 10 * 60_000;

export type SessionState = 'alive' | 'ended' | 'unknown';

export function sessionState(session: Session | null, nowMs: number): SessionState {
  if (session === null) return 'unknown';
  if (session.endedAtMs !== null || nowMs - session.renewedAtMs > SESSION_IDLE_MS_MAX) return 'ended';
  return 'alive';
}

export function needsRenewal(session: Session, nowMs: number): boolean {
  return nowMs - session.renewedAtMs >= SESSION_RENEWED_EVERY_MS;
}
