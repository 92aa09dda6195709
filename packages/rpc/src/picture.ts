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
  /** How long it serves, when this was heard; none: long enough. */
  readonly upMs?: number;
  /** It was not heard of for longer than its lease, but so were too many others: asked only when nobody better is there. */
  readonly isDoubtful?: boolean;
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
  /** Makes an instance known by address, for good: the bootstrap address of discovery itself, or all there is where nothing is discovered. */
  pin(instance: Pinned): void;
};

/** Without zone and region it counts as near. */
export type Pinned = Pick<Instance, 'service' | 'address'> & Partial<Instance>;

const NOBODY: readonly Instance[] = [];

export function createPicture(pinned: readonly Pinned[] = []): Picture {
  const fixed = pinned.map(complete);
  const listeners = new Set<() => void>();
  let found: readonly Instance[] = [];
  let byUnit = group(fixed, new Map());

  function redraw(): void {
    const known = new Set(fixed.map(placeOf));
    byUnit = group([...fixed, ...found.filter((instance) => !known.has(placeOf(instance)))], byUnit);
    for (const listener of listeners) listener();
  }

  return {
    instances: (unit) => byUnit.get(unit) ?? NOBODY,
    addresses: () => new Set([...byUnit.values()].flat().map((instance) => instance.address)),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    replace(instances) {
      found = instances;
      redraw();
    },
    pin(instance) {
      fixed.push(complete(instance));
      redraw();
    },
  };
}

function complete(pinned: Pinned): Instance {
  return { instanceId: pinned.address, zone: '', region: '', load: 0, ...pinned };
}

function placeOf(instance: Instance): string {
  return `${instance.service} ${instance.address}`;
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
    a.load === b.load &&
    a.isDoubtful === b.isDoubtful
  );
}
