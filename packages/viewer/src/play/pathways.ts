/** Which pathway a player fetches from, as a value: the order that was told, and who failed lately. */
export type Pathways = { readonly order: readonly string[]; readonly bannedUntilMs: Readonly<Record<string, number>> };

/** Shaka 5.2 leaves a host that failed for this long; so does our player, which runs on it. */
const BAN_MS = 60_000;

export function openPathways(order: readonly string[]): Pathways {
  return { order, bannedUntilMs: {} };
}

/** The first that did not fail lately and was not tried in this round; when all did, whose ban ends first. `undefined` without any pathway. */
export function choosePathway({ order, bannedUntilMs }: Pathways, nowMs: number, tried: readonly string[]): string | undefined {
  const untried = order.filter((id) => !tried.includes(id));
  const candidates = untried.length === 0 ? order : untried;
  const until = (id: string): number => bannedUntilMs[id] ?? 0;
  return candidates.find((id) => until(id) <= nowMs) ?? candidates.toSorted((one, other) => until(one) - until(other))[0];
}

export function banPathway(pathways: Pathways, id: string, nowMs: number): Pathways {
  return { ...pathways, bannedUntilMs: { ...pathways.bannedUntilMs, [id]: nowMs + BAN_MS } };
}

/** By steering: what it does not name comes last, what the manifest does not name is not known. */
export function orderPathways(pathways: Pathways, priority: readonly string[]): Pathways {
  const known = priority.filter((id, index) => pathways.order.includes(id) && priority.indexOf(id) === index);
  return { ...pathways, order: [...known, ...pathways.order.filter((id) => !known.includes(id))] };
}
