import type { AccessClaims, Assurance } from '@bioscope/passport';

import type { AccountRecord } from './domain/account.ts';
import { profileOf } from './domain/profiles.ts';
import { firstRefreshToken, readRefreshToken, successor, writeRefreshToken } from './domain/refresh-token.ts';
import { refused, type Refusal } from './domain/refusal.ts';
import { decideRefresh, isLive, newSession, rotated, type Session } from './domain/session.ts';
import type { IdentityParts } from './parts.ts';
import { SESSIONS_PER_ACCOUNT_MAX } from './store/sessions.ts';

/** What a browser gets that is signed in. `refreshToken` is null when the one it has stays good. */
export type SignedIn = {
  readonly kind: 'signed_in';
  readonly account: AccountRecord;
  readonly session: Session;
  readonly access: { readonly token: string; readonly expiresAtMs: number };
  readonly refreshToken: string | null;
};

type Parts = Pick<
  IdentityParts,
  'sessions' | 'accounts' | 'announcements' | 'accessTokens' | 'planTierOf' | 'config' | 'nowMs' | 'newId' | 'random' | 'log'
>;
type Refreshed = { readonly kind: 'refused' } | { readonly kind: 'rotate' | 'repeat' | 'reuse'; readonly session: Session };
type Who = { readonly kind: 'known'; readonly session: Session; readonly account: AccountRecord };

/** Begins a session for who has just proved a credential. */
export async function beginSession(parts: Parts, account: AccountRecord, device: Session['device']): Promise<SignedIn> {
  await makeRoom(parts, account);
  const token = firstRefreshToken(parts.newId(), parts.random(48));
  const session = newSession(token, { accountId: account.id, device, epoch: account.epoch, nowMs: parts.nowMs() });
  await parts.sessions.create(session);
  return signedIn(parts, { account, session, assurance: 'credential', refreshToken: writeRefreshToken(token) });
}

/** The next refresh token and an access token for a refresh token; ends the session when the token was used before. */
export async function refreshSession(parts: Parts, text: string): Promise<SignedIn | Refusal> {
  const token = readRefreshToken(text);
  const account = token === null ? null : await accountOf(parts, token.sessionId);
  if (token === null || account === null) return refused('signed_out');
  const nonce = parts.random(16).toString('base64url');
  const nowMs = parts.nowMs();
  const refreshed = await parts.sessions.change<Refreshed>(token.sessionId, (known) => {
    const decided = decideRefresh(known, token, { epoch: account.epoch, nowMs });
    if (known === null || decided.kind === 'refused') return { next: null, answer: { kind: 'refused' } };
    if (decided.kind === 'repeat') return { next: null, answer: { kind: 'repeat', session: known } };
    const next = decided.kind === 'rotate' ? rotated(known, token, { nonce, nowMs }) : { ...known, endedAtMs: nowMs };
    return { next, answer: { kind: decided.kind, session: next } };
  });
  if (refreshed.kind === 'refused') return refused('signed_out');
  const { session } = refreshed;
  if (refreshed.kind === 'reuse') {
    parts.log.warn({ accountId: account.id, sessionId: session.id }, 'a refresh token was used again: its session was ended');
    await announceEnd(parts, session);
    return refused('signed_out');
  }
  const refreshToken = writeRefreshToken({ ...token, secret: successor(token.secret, session.nonce) });
  return signedIn(parts, { account, session, assurance: session.profileProof, refreshToken });
}

/** Whose refresh token this is, without using it up. One that was replaced long ago is refused, but ends nothing: refreshing does that. */
export async function whoIsSignedIn(parts: Pick<Parts, 'sessions' | 'accounts' | 'nowMs'>, text: string): Promise<Who | Refusal> {
  const token = readRefreshToken(text);
  const session = token === null ? null : await parts.sessions.read(token.sessionId);
  const account = session === null ? null : await parts.accounts.read(session.accountId);
  if (token === null || session === null || account === null) return refused('signed_out');
  const decided = decideRefresh(session, token, { epoch: account.epoch, nowMs: parts.nowMs() });
  const isGood = decided.kind === 'rotate' || decided.kind === 'repeat';
  return isGood ? { kind: 'known', session, account } : refused('signed_out');
}

/** Durable, and announced to the gateways, when it resolves. Ending twice is the same as once. */
export async function endSession(parts: Pick<Parts, 'sessions' | 'announcements' | 'nowMs'>, sessionId: string): Promise<void> {
  const nowMs = parts.nowMs();
  const ended = await parts.sessions.change(sessionId, (known) => {
    if (known === null || known.endedAtMs > 0) return { next: null, answer: known };
    const next = { ...known, endedAtMs: nowMs };
    return { next, answer: next };
  });
  if (ended !== null) await announceEnd(parts, ended);
}

export async function liveSessions(parts: Pick<Parts, 'sessions' | 'nowMs'>, account: AccountRecord): Promise<readonly Session[]> {
  const nowMs = parts.nowMs();
  const sessions = await parts.sessions.ofAccount(account.id);
  return sessions.filter((session) => isLive(session, { epoch: account.epoch, nowMs }));
}

/** An access token as the session is now; `assurance` is what has just been proved. */
export async function signedIn(
  { accessTokens, planTierOf, config }: Pick<Parts, 'accessTokens' | 'planTierOf' | 'config'>,
  now: { account: AccountRecord; session: Session; assurance: Assurance; refreshToken: string | null },
): Promise<SignedIn> {
  const { account, session, assurance, refreshToken } = now;
  const profile = profileOf(account, session.profileId);
  const claims: AccessClaims = {
    accountId: account.id,
    sessionId: session.id,
    deviceId: session.device.id,
    // A profile that was removed meanwhile is chosen by nobody.
    profileId: profile?.id ?? '',
    isKids: profile?.isKids ?? false,
    isOperator: account.isOperator,
    planTier: await planTierOf(account.id),
    country: account.country,
    assurance,
    epoch: account.epoch,
  };
  return { kind: 'signed_in', account, session, access: accessTokens.mint(claims, config.accessLifeMs), refreshToken };
}

/** Forgets what has ended, and ends the longest unused session when there are too many. */
async function makeRoom(parts: Parts, account: AccountRecord): Promise<void> {
  const nowMs = parts.nowMs();
  const sessions = await parts.sessions.ofAccount(account.id);
  const isAlive = (session: Session): boolean => isLive(session, { epoch: account.epoch, nowMs });
  for (const session of sessions) if (!isAlive(session)) await parts.sessions.forget(session);
  const oldestFirst = sessions.filter(isAlive).toSorted((a, b) => a.rotatedAtMs - b.rotatedAtMs);
  for (const session of oldestFirst.slice(0, Math.max(0, oldestFirst.length - SESSIONS_PER_ACCOUNT_MAX + 1)))
    await endSession(parts, session.id);
}

async function accountOf({ sessions, accounts }: Pick<Parts, 'sessions' | 'accounts'>, sessionId: string): Promise<AccountRecord | null> {
  const session = await sessions.read(sessionId);
  return session === null ? null : await accounts.read(session.accountId);
}

async function announceEnd({ announcements }: Pick<Parts, 'announcements'>, session: Session): Promise<void> {
  await announcements.revoke({ type: 'session.ended', accountId: session.accountId, sessionId: session.id, atMs: session.endedAtMs });
}
