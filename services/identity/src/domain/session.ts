import type { DeviceKind } from '../../contract/index.ts';
import { hashOf, isHashOf, successor, type RefreshToken } from './refresh-token.ts';

/** One signing in on one device, and all refresh tokens that followed from it: its family. */
export type Session = {
  readonly id: string;
  readonly accountId: string;
  readonly device: { readonly id: string; readonly name: string; readonly kind: DeviceKind };
  /** The account's when it began; a smaller one than the account's ends it. */
  readonly epoch: number;
  readonly createdAtMs: number;
  readonly familyHash: string;
  readonly currentHash: string;
  /** Of the secret that the current one followed, with the nonce by which it did; both empty in the beginning. */
  readonly previousHash: string;
  readonly nonce: string;
  /** When the current secret came into being. */
  readonly rotatedAtMs: number;
  readonly expiresAtMs: number;
  /** Empty until one is chosen. */
  readonly profileId: string;
  /** How the profile was entered: what later access tokens prove. */
  readonly profileProof: 'session' | 'profile_pin';
  /** Zero while it lives. */
  readonly endedAtMs: number;
};

/** Sliding: who comes back within two months stays signed in. */
export const SESSION_LIFE_MS = 60 * 24 * 3_600_000;
/** How long the previous token still gets the same successor: an answer was lost, or two tabs refreshed at once. */
export const RETRY_MS = 30_000;

export type Refresh =
  | { readonly kind: 'rotate' }
  /** The answer to an earlier refresh was lost: the same one again. */
  | { readonly kind: 'repeat' }
  /** A token that was replaced long ago: it, or its successor, is in other hands. The session ends. */
  | { readonly kind: 'reuse' }
  | { readonly kind: 'refused' };

/** `epoch`: the account's; null when there is none. Made-up tokens end nothing: they would let anybody who knows a session's id sign it out. */
export function decideRefresh(
  session: Session | null,
  token: RefreshToken,
  { epoch, nowMs }: { epoch: number | null; nowMs: number },
): Refresh {
  if (session === null || !isLive(session, { epoch, nowMs }) || !isHashOf(session.familyHash, token.family)) return { kind: 'refused' };
  if (isHashOf(session.currentHash, token.secret)) return { kind: 'rotate' };
  const isPrevious = session.previousHash !== '' && isHashOf(session.previousHash, token.secret);
  return isPrevious && nowMs <= session.rotatedAtMs + RETRY_MS ? { kind: 'repeat' } : { kind: 'reuse' };
}

export function isLive(session: Session, { epoch, nowMs }: { epoch: number | null; nowMs: number }): boolean {
  return session.endedAtMs === 0 && nowMs < session.expiresAtMs && epoch !== null && session.epoch >= epoch;
}

export function rotated(session: Session, token: RefreshToken, { nonce, nowMs }: { nonce: string; nowMs: number }): Session {
  return {
    ...session,
    previousHash: session.currentHash,
    currentHash: hashOf(successor(token.secret, nonce)),
    nonce,
    rotatedAtMs: nowMs,
    expiresAtMs: nowMs + SESSION_LIFE_MS,
  };
}

export function newSession(
  token: RefreshToken,
  begun: Pick<Session, 'accountId' | 'device' | 'epoch'> & { readonly nowMs: number },
): Session {
  const { nowMs, ...rest } = begun;
  return {
    id: token.sessionId,
    ...rest,
    createdAtMs: nowMs,
    familyHash: hashOf(token.family),
    currentHash: hashOf(token.secret),
    previousHash: '',
    nonce: '',
    rotatedAtMs: nowMs,
    expiresAtMs: nowMs + SESSION_LIFE_MS,
    profileId: '',
    profileProof: 'session',
    endedAtMs: 0,
  };
}
