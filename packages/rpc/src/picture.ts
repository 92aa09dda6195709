/** One process that serves one unit. */
export type Instance = {
  /** Unit name, such as "playback". */
  readonly service: string;
  /** Unique per process start. */
  readonly instanceId: string;
  /** host:port of its RPC listener. */
  readonly address: string;
  readonly zone: string;
  readonly region: string;
  /** 0 idle to 1 saturated, as the instance reports it. */
  readonly load: number;
};

/** Who runs where, as this process knows it now. It is always at hand: when discovery is gone, the last picture goes on being used. */
export type DiscoveryView = {
  /** The same array until something changes. */
  instances(unit: string): readonly Instance[];
  /** Every address at which anybody serves. */
  addresses(): ReadonlySet<string>;
  /** Calls back after each change; returns the way to stop that. */
  onChange(listener: () => void): () => void;
};

export type Picture = DiscoveryView & {
  /** Takes a newer picture. Pinned instances stay. */
  replace(instances: readonly Instance[]): void;
};

const NOBODY: readonly Instance[] = [];

/** `pinned` are known by address from the start and never leave: the bootstrap address of discovery itself, or all there is where nothing is discovered. */
export function createPicture(pinned: readonly (Pick<Instance, 'service' | 'address'> & Partial<Instance>)[] = []): Picture {
  const fixed = pinned.map((entry) => ({ instanceId: entry.address, zone: '', region: '', load: 0, ...entry }));
  const listeners = new Set<() => void>();
  let byUnit = group(fixed, new Map());
  return {
    instances: (unit) => byUnit.get(unit) ?? NOBODY,
    addresses: () => new Set([...byUnit.values()].flat().map((entry) => entry.address)),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    replace(instances) {
      const pinnedUnits = new Set(fixed.map((entry) => `${entry.service} ${entry.address}`));
      byUnit = group([...fixed, ...instances.filter((entry) => !pinnedUnits.has(`${entry.service} ${entry.address}`))], byUnit);
      for (const listener of listeners) listener();
    },
  };
}

function group(instances: readonly Instance[], before: ReadonlyMap<string, readonly Instance[]>): Map<string, readonly Instance[]> {
  const groups = Map.groupBy(instances, (instance) => instance.service);
  const after = new Map<string, readonly Instance[]>();
  for (const [unit, now] of groups) {
    const known = before.get(unit);
    after.set(unit, known !== undefined && sameInstances(known, now) ? known : now);
  }
  return after;
}

function sameInstances(a: readonly Instance[], b: readonly Instance[]): boolean {
  return a.length === b.length && a.every((x, i) => same(x, b[i]));
}

function same(a: Instance, b: Instance | undefined): boolean {
  return (
    b !== undefined &&
    a.instanceId === b.instanceId &&
    a.address === b.address &&
    a.zone === b.zone &&
    a.region === b.region &&
    a.load === b.load
  );
}
