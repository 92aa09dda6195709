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
};

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
