/** What the player knows when segments cannot be had from any appliance. */
export type StreamTrouble = {
  /** Of the last failure; 0 when no answer came at all. */
  readonly httpStatus: number;
  /** The service said that this session is over. */
  readonly refused: boolean;
  /** Since the first failure without a success in between. */
  readonly failingForMs: number;
  /** What can still be played. */
  readonly bufferedAheadMs: number;
};

export type TroubleCause = 'refused' | 'unreachable' | 'broken';
export type Recovery = { kind: 'renew_token' } | { kind: 'retry' } | { kind: 'give_up'; because: TroubleCause };

// A home server's restart, or a walk through a tunnel. After that a person wants to hear something.
const GIVE_UP_AFTER_MS = 60_000;
const BUFFER_IS_OUT_MS = 1_000;

/** Decides how to go on. Nothing interrupts a viewer while there is something left to play. */
export function decideRecovery(trouble: StreamTrouble): Recovery {
  const tokenRejected = trouble.httpStatus === 403 || trouble.httpStatus === 410;
  const isOut = trouble.bufferedAheadMs <= BUFFER_IS_OUT_MS;
  // The session is over and the appliances know it, or have removed the film: waiting would bring nothing.
  if (isOut && trouble.refused) return { kind: 'give_up', because: 'refused' };
  if (isOut && trouble.failingForMs >= GIVE_UP_AFTER_MS) return { kind: 'give_up', because: 'unreachable' };
  return tokenRejected ? { kind: 'renew_token' } : { kind: 'retry' };
}
