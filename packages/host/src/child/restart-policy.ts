export type RestartPolicy = {
  /** Restarts in a row, without `stableAfterMs` of life between them, before giving up. Default 8. */
  readonly attemptsMax?: number;
  /** Pause before the first restart; it doubles with each. Default 100. */
  readonly backoffMinMs?: number;
  /** Default 5 000. */
  readonly backoffMaxMs?: number;
  /** A life of this length makes the next death the first again. Default 30 000. */
  readonly stableAfterMs?: number;
};

export type RestartDecision =
  | { readonly kind: 'restart'; readonly afterMs: number; readonly attempt: number }
  | { readonly kind: 'give_up'; readonly attempts: number };

const DEFAULTS = { attemptsMax: 8, backoffMinMs: 100, backoffMaxMs: 5_000, stableAfterMs: 30_000 } as const;

/** What to do after a death: `attempts` restarts went before it in a row, the last life was `livedMs` long. */
export function decideRestart(policy: RestartPolicy | undefined, attempts: number, livedMs: number): RestartDecision {
  if (policy === undefined) return { kind: 'give_up', attempts: 0 };
  const { attemptsMax, backoffMinMs, backoffMaxMs, stableAfterMs } = { ...DEFAULTS, ...policy };
  const before = livedMs >= stableAfterMs ? 0 : attempts;
  if (before >= attemptsMax) return { kind: 'give_up', attempts: before };
  return { kind: 'restart', attempt: before + 1, afterMs: Math.min(backoffMaxMs, backoffMinMs * 2 ** before) };
}
