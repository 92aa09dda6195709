/** A call under way, and what happens when its time is over. */
export type DeadlineEntry = { readonly atMs: number; readonly onOver: () => void };

const entries = new Set<DeadlineEntry>();
let timer: NodeJS.Timeout | undefined;
/** When the timer fires: no later than the earliest deadline. */
let lookAtMs = Infinity;

/**
 * Calls `onOver` once when the wall clock has reached `atMs`. One timer, set for the earliest deadline, looks after all calls of the process: nearly all of
 * them end long before, and a timer of its own would cost each call a twentieth of its price.
 */
export function watchDeadline(atMs: number, onOver: () => void): DeadlineEntry {
  const entry = { atMs, onOver };
  if (entries.size === 0) timer?.ref();
  entries.add(entry);
  if (atMs < lookAtMs) lookAt(atMs);
  return entry;
}

export function forgetDeadline(entry: DeadlineEntry): void {
  entries.delete(entry);
  // Set for a call that has ended, it must not keep a process alive that has nothing else to do.
  if (entries.size === 0) timer?.unref();
}

function lookAt(atMs: number): void {
  clearTimeout(timer);
  lookAtMs = atMs;
  timer = setTimeout(look, Math.max(1, atMs - Date.now()));
}

function look(): void {
  const nowMs = Date.now();
  let earliestMs = Infinity;
  lookAtMs = Infinity;
  for (const entry of entries) {
    if (entry.atMs > nowMs) {
      earliestMs = Math.min(earliestMs, entry.atMs);
    } else {
      entries.delete(entry);
      entry.onOver();
    }
  }
  if (earliestMs < lookAtMs) lookAt(earliestMs);
}
