export type Moved = {
  readonly order: readonly string[];
  /** Before which it stands now; null: at the end. */
  readonly beforeTitleId: string | null;
};

/** The list with one title a place earlier (-1) or later (1); undefined when it stands at that end, or not in the list at all. */
export function moved(order: readonly string[], titleId: string, by: 1 | -1): Moved | undefined {
  const at = order.indexOf(titleId);
  const to = at + by;
  if (at < 0 || to < 0 || to >= order.length) return undefined;
  const others = order.filter((id) => id !== titleId);
  return { order: others.toSpliced(to, 0, titleId), beforeTitleId: others[to] ?? null };
}
