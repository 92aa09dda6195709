/** A member of a group as it presents itself when joining: what it holds, and since which generation it knows so. */
export type Claimant = { readonly member: string; readonly holds: readonly number[]; readonly generation: number };

/**
 * Who handles which partition next: as evenly as can be, moving as little as can be. A partition that a member holds and should not keep goes
 * to nobody in this round: the holder lets go once its batch is done and joins again, and only then another gets it (the idea of
 * KIP-429, incremental cooperative rebalancing). So no partition is ever with two members, and nobody else has to stop.
 */
export function assign(claimants: readonly Claimant[], partitions: number): ReadonlyMap<string, readonly number[]> {
  const holders = holdersOf(claimants, partitions);
  const held = new Map(claimants.map(({ member }) => [member, [...holders].flatMap(([p, holder]) => (holder === member ? [p] : []))]));
  // Those who hold most may keep one more, so that as few as possible have to let go.
  const order = [...held].toSorted(([a, ofA], [b, ofB]) => ofB.length - ofA.length || (a < b ? -1 : 1));
  const least = Math.floor(partitions / claimants.length);
  const withMore = partitions % claimants.length;
  const assigned = new Map(order.map(([member, of], index) => [member, of.slice(0, least + (index < withMore ? 1 : 0))]));

  const free = Array.from({ length: partitions }, (_, partition) => partition).filter((partition) => !holders.has(partition));
  order.forEach(([member], index) => {
    const own = assigned.get(member) ?? [];
    const quota = least + (index < withMore ? 1 : 0);
    while (own.length < quota) {
      const next = free.shift();
      if (next === undefined) break;
      own.push(next);
    }
  });
  return assigned;
}

/** Two who claim the same partition: the one who knows better; if neither does, it is held by nobody that can be relied on, and moves. */
function holdersOf(claimants: readonly Claimant[], partitions: number): Map<number, string> {
  const best = new Map<number, { member: string | null; generation: number }>();
  for (const { member, holds, generation } of claimants) {
    for (const partition of holds) {
      const rival = best.get(partition);
      if (partition >= partitions || (rival !== undefined && rival.generation > generation)) continue;
      best.set(partition, { member: rival?.generation === generation ? null : member, generation });
    }
  }
  const holders = new Map<number, string>();
  for (const [partition, { member }] of best) if (member !== null) holders.set(partition, member);
  return holders;
}
