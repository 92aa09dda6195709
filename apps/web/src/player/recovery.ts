/** What the player knows when a segment could not be had from any appliance. */
export type StreamTrouble = {
  /** 0 when no answer came at all. */
  readonly httpStatus: number;
  readonly isNetwork: boolean;
  /** The service said that this session is over. */
  readonly refused: boolean;
  /** Since the first failure without a success in between. */
  readonly failingForMs: number;
  /** What can still be played. */
  readonly bufferedAheadMs: number;
};

export type TroubleCause = 'refused' | 'unreachable' | 'broken';
export type Recovery = { kind: 'renew_token' } | { kind: 'retry'; afterMs: number } | { kind: 'give_up'; because: TroubleCause };

// A home server's restart, or a walk through a tunnel. After that a person wants to hear something.
const GIVE_UP_AFTER_MS = 60_000;
// The requests themselves were already repeated on every appliance; this paces the rounds.
const RETRY_AFTER_MS = 1_000;
const BUFFER_IS_OUT_MS = 1_000;

/** Decides how to go on. Nothing interrupts a viewer while there is something left to play. */
export function decideRecovery(trouble: StreamTrouble): Recovery {
  const recovery = judge(trouble);
  if (recovery.kind === 'give_up' && trouble.isNetwork && trouble.bufferedAheadMs > BUFFER_IS_OUT_MS)
    return { kind: 'retry', afterMs: RETRY_AFTER_MS };
  return recovery;
}

function judge(trouble: StreamTrouble): Recovery {
  if (!trouble.isNetwork) return { kind: 'give_up', because: 'broken' };
  const tokenRejected = trouble.httpStatus === 403 || trouble.httpStatus === 410;
  if (tokenRejected && trouble.refused) return { kind: 'give_up', because: 'refused' };
  if (trouble.failingForMs >= GIVE_UP_AFTER_MS) return { kind: 'give_up', because: trouble.refused ? 'refused' : 'unreachable' };
  return tokenRejected ? { kind: 'renew_token' } : { kind: 'retry', afterMs: RETRY_AFTER_MS };
}
