import type { PlaySession, Progress } from '../session/play-session.ts';
import { decideRecovery, type TroubleCause } from './recovery.ts';

export type RecoveryNeeds = {
  readonly play: Pick<PlaySession, 'beat' | 'refusal'>;
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number;
  readonly state: () => Progress & { readonly bufferedAheadMs: number };
  readonly retryStreaming: () => void;
  /** Called once: after it nothing is tried any more. */
  readonly onTrouble: (because: TroubleCause) => void;
};

export type RecoveryLoop = {
  /** A segment could not be had; 0 when no answer came. */
  readonly failed: (httpStatus: number) => void;
  readonly succeeded: () => void;
  /** To be called about once a second: does what is due. */
  readonly look: () => Promise<void>;
};

/** Remembers failures between successes, and acts on them at a pace that is kind to servers in trouble. */
export function keepRecovering(needs: RecoveryNeeds): RecoveryLoop {
  let failing: { sinceMs: number; httpStatus: number } | undefined;
  let busy = false;
  let over = false;
  return {
    failed(httpStatus) {
      failing = { sinceMs: failing?.sinceMs ?? needs.now(), httpStatus };
    },
    succeeded() {
      failing = undefined;
    },
    async look() {
      if (failing === undefined || busy || over) return;
      const { bufferedAheadMs, ...progress } = needs.state();
      const refused = needs.play.refusal() !== undefined;
      const recovery = decideRecovery({
        httpStatus: failing.httpStatus,
        refused,
        failingForMs: needs.now() - failing.sinceMs,
        bufferedAheadMs,
      });
      if (recovery.kind === 'give_up') {
        over = true;
        needs.onTrouble(recovery.because);
        return;
      }
      busy = true;
      if (recovery.kind === 'renew_token') await needs.play.beat(progress);
      busy = false;
      needs.retryStreaming();
    },
  };
}
