/** One process of the deployment, or a program that it supervises. */
export type Instance = {
  /** Stays the same when it is started again. */
  readonly id: string;
  readonly region: string;
  readonly zone: string;
  /** `edge`, `play`, `browse`, `offline`, `discovery`, `memcached`, `appliance`, `dns`, `storage` … */
  readonly group: string;
  /** Of delivery servers, else empty. */
  readonly site: string;
  /** `down`: it has ended and was not started again yet. */
  readonly state: 'running' | 'paused' | 'down';
};

/**
 * What experiments do to processes. Whoever implements it keeps the leases: a paused process goes on and a held one is started again when its lease runs
 * out, also when whoever asked is dead by then. An id that is unknown is an error; doing what is done already is none.
 */
export type Fleet = {
  list(): Promise<readonly Instance[]>;
  /** At once and without a word (SIGKILL); its supervisor does as after any crash. */
  kill(id: string): Promise<void>;
  /** Kills it and keeps it down until `release` or the end of the lease, which another call renews. */
  hold(id: string, leaseMs: number): Promise<void>;
  release(id: string): Promise<void>;
  /** Stops it without ending it (SIGSTOP): it accepts connections and never answers. Another call renews the lease. */
  pause(id: string, leaseMs: number): Promise<void>;
  resume(id: string): Promise<void>;
  /** In good order: drained, stopped, started. Resolves when it serves again. */
  restart(id: string): Promise<void>;
};

/** Which instances a fault picks. Absent: any. */
export type Selection = {
  readonly id?: string;
  readonly region?: string;
  readonly zone?: string;
  readonly group?: string;
  readonly site?: string;
  /** At most so many, at random; absent: all that match. */
  readonly count?: number;
};

/** Those of the instances that run and match. `random`: 0 to 1. */
export function select(instances: readonly Instance[], selection: Selection, random: () => number): readonly Instance[] {
  const { count, ...fields } = selection;
  const wanted = Object.entries(fields) as [keyof typeof fields, string][];
  const matching = instances.filter((each) => each.state === 'running' && wanted.every(([field, value]) => each[field] === value));
  if (count === undefined) return matching;
  const left = [...matching];
  const picked: Instance[] = [];
  while (picked.length < count && left.length > 0) picked.push(...left.splice(Math.floor(random() * left.length), 1));
  return picked;
}
