/** Where a viewer stands in a title. */
export type Bookmark = {
  readonly titleId: string;
  readonly positionMs: number;
  readonly durationMs: number;
  readonly updatedAtMs: number;
};

export type ProgressReport = { readonly positionMs: number; readonly playing: boolean };

/** Who stops this early has not begun. */
const BEGUN_MS_MIN = 5_000;
/** From here on the rest is credits, and watching again means from the beginning. */
const FINISHED_SHARE = 0.95;
/** The credits of a long film are shorter than a twentieth of it, but a viewer who leaves them two minutes before the end has seen it. */
const FINISHED_LEFT_MS = 2 * 60_000;
/** From which length on a film is long. */
const LONG_MS = 20 * 60_000;

/**
 * The newest report stands, also when the viewer went backwards. Only a player that has not begun yet, standing at zero without playing,
 * does not wipe out where the viewer was last time.
 */
export function decideBookmark(
  previous: Bookmark | null,
  report: ProgressReport,
  film: { readonly titleId: string; readonly durationMs: number; readonly nowMs: number },
): { readonly kind: 'keep' } | { readonly kind: 'store'; readonly bookmark: Bookmark } {
  if (report.positionMs === 0 && !report.playing) return { kind: 'keep' };
  const positionMs = Math.round(Math.min(Math.max(report.positionMs, 0), film.durationMs));
  const updatedAtMs = Math.max(film.nowMs, previous?.updatedAtMs ?? 0);
  return { kind: 'store', bookmark: { titleId: film.titleId, positionMs, durationMs: film.durationMs, updatedAtMs } };
}

/** Where to start: zero when there is no bookmark, hardly anything was seen, or the film was seen to its end. */
export function resumePosition(bookmark: Bookmark | null): number {
  if (bookmark === null || bookmark.positionMs < BEGUN_MS_MIN) return 0;
  return isFinished(bookmark) ? 0 : bookmark.positionMs;
}

/** Seen to the end: at least 95 %, or within the last two minutes of a film of at least 20. */
export function isFinished({ positionMs, durationMs }: Pick<Bookmark, 'positionMs' | 'durationMs'>): boolean {
  return positionMs >= durationMs * FINISHED_SHARE || (durationMs >= LONG_MS && durationMs - positionMs <= FINISHED_LEFT_MS);
}
