import { ask, type AskNeeds, type Bearer } from '../network/ask.ts';
import { swapToken } from './token-swap.ts';

/** The right to watch one film, kept alive by heartbeats that store the bookmark and bring the next token. */
export type PlaySession = {
  readonly manifestUrl: string;
  readonly heartbeatEveryMs: number;
  readonly resumePositionMs: number;
  /** The URL with the newest token in it. */
  fresh(url: string): string;
  /** Why the service no longer lets it play; empty while it does. What is buffered still plays. */
  refusal(): string;
  beat(at: { readonly positionMs: number; readonly playing: boolean }): Promise<void>;
  end(positionMs: number): Promise<void>;
};

export type Started =
  | { readonly kind: 'granted'; readonly session: PlaySession }
  | { readonly kind: 'refused'; readonly because: string }
  | { readonly kind: 'failed' }
  | { readonly kind: 'given_up' };

export type SessionNeeds = AskNeeds & { readonly playOrigin: string; readonly bearer: Bearer };

const SERVICE = 'bioscope.playback.v1.PlaybackService';
/** As our app beats (apps/web/src/session/play-session.ts): a beat that takes longer is overtaken by the next one. */
const BEAT_DEADLINE_MS = 4_000;
const HEARTBEAT_MS_MIN = 1_000;
const HEARTBEAT_MS_DEFAULT = 30_000;
/** Somebody who leaves does not wait for the answer. */
const END_DEADLINE_MS = 4_000;

type SentToken = { readonly token?: string; readonly expiresAtMs?: number };
type SentRefusal = { readonly because?: string };
type SentSession = {
  readonly sessionId?: string;
  readonly dashPath?: string;
  readonly token?: SentToken;
  readonly heartbeatEveryMs?: number;
  readonly resumePositionMs?: number;
};

/** Asks for a play session. `signal` ends the asking; the session itself is ended by `end`. */
export async function startSession(
  needs: SessionNeeds,
  who: { readonly titleId: string; readonly viewerId: string },
  signal: AbortSignal,
): Promise<Started> {
  const url = `${needs.playOrigin}/${SERVICE}/StartSession`;
  const answer = await ask(needs, { door: 'playback', url, body: who, bearer: needs.bearer, signal });
  if (answer.kind !== 'answered') return { kind: answer.kind };
  const { granted, refused } = (readJson(answer.sent.body) ?? {}) as { granted?: SentSession; refused?: SentRefusal };
  if (refused !== undefined) return { kind: 'refused', because: refused.because ?? '' };
  if (granted?.sessionId === undefined || granted.dashPath === undefined) return { kind: 'failed' };
  return { kind: 'granted', session: keepSession(needs, { ...granted, sessionId: granted.sessionId, dashPath: granted.dashPath }) };
}

function keepSession(needs: SessionNeeds, given: SentSession & { readonly sessionId: string; readonly dashPath: string }): PlaySession {
  const { sessionId } = given;
  const ending = new AbortController();
  let token = given.token;
  let refusal = '';

  return {
    manifestUrl: needs.playOrigin + given.dashPath,
    heartbeatEveryMs: Math.max(HEARTBEAT_MS_MIN, given.heartbeatEveryMs ?? HEARTBEAT_MS_DEFAULT),
    resumePositionMs: given.resumePositionMs ?? 0,
    fresh: (url) => swapToken(url, token?.token ?? ''),
    refusal: () => refusal,
    async beat({ positionMs, playing }) {
      const answer = await ask(needs, {
        door: 'playback',
        url: `${needs.playOrigin}/${SERVICE}/Heartbeat`,
        body: { sessionId, positionMs: Math.round(positionMs), playing },
        bearer: needs.bearer,
        deadlineMs: BEAT_DEADLINE_MS,
        attemptsMax: 2,
        // The film goes on for as long as the token and the appliances let it.
        isQuiet: true,
        signal: ending.signal,
      });
      if (answer.kind !== 'answered') return;
      const told = (readJson(answer.sent.body) ?? {}) as { token?: SentToken; refused?: SentRefusal };
      if (told.refused !== undefined) refusal = told.refused.because ?? 'unknown';
      if (told.token === undefined) return;
      refusal = '';
      // Beats may overtake one another: only ever a longer-lived token replaces what we hold.
      if ((told.token.expiresAtMs ?? 0) >= (token?.expiresAtMs ?? 0)) token = told.token;
    },
    async end(positionMs) {
      // Nothing may follow the end: a beat that overtakes it would take the screen again.
      ending.abort();
      await ask(needs, {
        door: 'playback',
        url: `${needs.playOrigin}/${SERVICE}/EndSession`,
        body: { sessionId, positionMs: Math.round(positionMs) },
        bearer: needs.bearer,
        deadlineMs: END_DEADLINE_MS,
        attemptsMax: 1,
        isQuiet: true,
        signal: new AbortController().signal,
      });
    },
  };
}

/** `undefined` when it is no JSON object. */
export function readJson(body: Buffer): object | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
