/** Whether a copy forgets those whose leases end. */
export type Preservation = { readonly isOn: boolean; readonly calmSinceMs: number | undefined };

/** The processes that a copy knows, and those among them that have missed renewals. */
export type Attendance = { readonly processes: number; readonly quiet: number };

export const FORGETS: Preservation = { isOn: false, calmSinceMs: undefined };

/**
 * Between a third and a half. The loss of a zone, at most a third of all where there are three, is real: its instances are forgotten, and callers need not
 * find out one by one. When half of all or more go quiet together it is a region of two, or the copy itself that is cut off; then forgetting gains nothing
 * (callers leave out by themselves who does not answer) and could cost everything.
 */
const QUIET_SHARE_MAX = 0.4;
/** Of two or three processes one is half of them, and its death is nothing strange. */
const QUIET_PROCESSES_MIN = 3;
/** One lease: whoever is alive has renewed since. */
const CALM_MS = 3_000;

/** Self-preservation as in Eureka, but counted over processes that are quiet now instead of renewals per minute: leases here are seconds long. */
export function decidePreservation(before: Preservation, { processes, quiet }: Attendance, nowMs: number): Preservation {
  if (isMass({ processes, quiet })) return { isOn: true, calmSinceMs: undefined };
  if (!before.isOn) return FORGETS;
  const calmSinceMs = before.calmSinceMs ?? nowMs;
  return nowMs - calmSinceMs >= CALM_MS ? FORGETS : { isOn: true, calmSinceMs };
}

/** Too many at once to believe that each of them died. */
export function isMass({ processes, quiet }: Attendance): boolean {
  return quiet >= QUIET_PROCESSES_MIN && quiet > processes * QUIET_SHARE_MAX;
}
