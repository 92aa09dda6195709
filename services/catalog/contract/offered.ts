/** Where and when a title is offered; of the shape of the contract's `Window`. */
export type OfferedWindow = { readonly country: string; readonly fromMs: number; readonly untilMs: number };

/** Stands for every country that has no windows of its own. */
export const EVERYWHERE = '*';

/**
 * Whether a title with these windows is offered in the country at that time. Windows are half-open; zero is no bound. A country with windows of its own is
 * not in those of `*`, so that "everywhere but there" can be said. An unknown country ('') has those of `*`. No windows: nowhere.
 */
export function isOffered(
  windows: readonly OfferedWindow[],
  { country, atMs }: { readonly country: string; readonly atMs: number },
): boolean {
  const own = country !== EVERYWHERE && windows.some((window) => window.country === country);
  return windows.some((window) => window.country === (own ? country : EVERYWHERE) && isInside(window, atMs));
}

/** Whether a profile with this ceiling may see the title. Unrated titles count as 18. */
export function isSuitable(title: { readonly maturity: number }, ceiling: number): boolean {
  return title.maturity <= ceiling;
}

function isInside({ fromMs, untilMs }: OfferedWindow, atMs: number): boolean {
  return atMs >= fromMs && (untilMs === 0 || atMs < untilMs);
}
