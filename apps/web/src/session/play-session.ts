import { PlaybackService, type Refusal, type SegmentToken, type Session } from '@bioscope/playback/contract';
import type { Call } from '../api/call.ts';
import { swapToken } from './token-swap.ts';

/** The right to watch one film, kept alive by heartbeats that store the bookmark and bring the next token. */
export type PlaySession = {
  readonly session: Session;
  /** The URL with the newest token in it. */
  fresh(url: string): string;
  tokenExpiresAtMs(): number;
  /** Why the service no longer lets this session play, once it said so. What is buffered still plays. */
  refusal(): Refusal | undefined;
  /** Tells where the viewer is. Failures are swallowed: the next beat tells it again, and the token outlives many beats. */
  beat(at: Progress): Promise<void>;
  /** Ends the session: the viewer left the film. Sent even while the page goes away. */
  end(positionMs: number): void;
};

export type Progress = { readonly positionMs: number; readonly playing: boolean };

export type StartOutcome = { kind: 'granted'; play: PlaySession } | { kind: 'refused'; refusal: Refusal };

/** Asks for a play session. Rejects with `CallError` when the playback door cannot be reached. */
export async function startSession(call: Call, who: { titleId: string; viewerId: string }, signal: AbortSignal): Promise<StartOutcome> {
  const reply = await call(PlaybackService.method.startSession, who, { signal });
  if (reply.outcome.case === 'refused') return { kind: 'refused', refusal: reply.outcome.value };
  if (reply.outcome.case !== 'granted') throw new TypeError('the playback service granted nothing and refused nothing');
  return { kind: 'granted', play: keepSession(call, reply.outcome.value) };
}

// A beat that takes longer is overtaken by the next one.
const BEAT_DEADLINE_MS = 4_000;

export function keepSession(call: Call, session: Session): PlaySession {
  let token: SegmentToken | undefined = session.token;
  let refusal: Refusal | undefined;

  const beat = async ({ positionMs, playing }: Progress): Promise<void> => {
    try {
      const reply = await call(
        PlaybackService.method.heartbeat,
        { sessionId: session.sessionId, positionMs: Math.max(0, Math.round(positionMs)), playing },
        { deadlineMs: BEAT_DEADLINE_MS, attemptsMax: 2 },
      );
      if (reply.outcome.case === 'refused') refusal = reply.outcome.value;
      if (reply.outcome.case === 'token') {
        refusal = undefined;
        // Beats may overtake one another: only ever a longer-lived token replaces what we hold.
        if (token === undefined || reply.outcome.value.expiresAtMs >= token.expiresAtMs) token = reply.outcome.value;
      }
    } catch {
      // The service is away. The film goes on for as long as the token and the appliances let it.
    }
  };

  return {
    session,
    fresh: (url) => (token === undefined ? url : swapToken(url, token.token)),
    tokenExpiresAtMs: () => token?.expiresAtMs ?? 0,
    refusal: () => refusal,
    beat,
    end: (positionMs) => {
      const request = { sessionId: session.sessionId, positionMs: Math.max(0, Math.round(positionMs)) };
      // The session ends by itself when this is lost.
      call(PlaybackService.method.endSession, request, { keepalive: true, attemptsMax: 1 }).catch(() => undefined);
    },
  };
}
