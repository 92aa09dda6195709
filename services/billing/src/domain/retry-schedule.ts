/** When a failed payment is tried again, in days after it was due. Data, so that campaigns can bring their own. */
export const RETRY_DAYS = [1, 3, 5, 7] as const;

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** An hour after the last try, so that the try is made while the member still watches. */
const HOLD_AFTER_MS = 7 * DAY_MS + HOUR_MS;
const LAPSE_AFTER_MS = 28 * DAY_MS;

/** A payment that failed: since when it is due, when it was last tried. Times are the account's own. */
export type Dunning = {
  readonly dueAtMs: number;
  readonly attempts: number;
  readonly lastAtMs: number;
  /** The card that failed last will not work later either. */
  readonly isHard: boolean;
  /** Empty when the failure was excused: then the card counts as not tried. */
  readonly lastMethodId: string;
  readonly wasExcused: boolean;
};

/** When the same card is tried again; null: not any more. Tries that were missed are not made up for. */
export function nextRetryMs({ dueAtMs, lastAtMs, isHard }: Dunning): number | null {
  if (isHard) return null;
  const days = RETRY_DAYS.find((day) => dueAtMs + day * DAY_MS > lastAtMs);
  return days === undefined ? null : dueAtMs + days * DAY_MS;
}

export function holdAtMs(dueAtMs: number): number {
  return dueAtMs + HOLD_AFTER_MS;
}

export function lapseAtMs(dueAtMs: number): number {
  return dueAtMs + LAPSE_AFTER_MS;
}
