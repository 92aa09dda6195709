/** What was just watched reaches pages by way of events: their first answer may be a moment behind. */
const SOON_MS = 4_000;
const LATER_MS = 60_000;

/** When a page asks again: soon after its first answer, seldom after the others. */
export function soonThenLater(): () => number {
  let isFirst = true;
  return () => {
    const afterMs = isFirst ? SOON_MS : LATER_MS;
    isFirst = false;
    return afterMs;
  };
}
