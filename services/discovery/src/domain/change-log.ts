/** What changed since when, by key. */
export type ChangeLog = {
  version(): number;
  changed(key: string): void;
  gone(key: string): void;
  /** A change that nobody needs at once: told with the next one, or at `flush`. */
  changedSlightly(key: string): void;
  flush(): void;
  /** Undefined when `version` is not one of ours, or too long ago: everything has to be told then. */
  since(version: number): Changes | undefined;
};

export type Changes = { readonly changed: readonly string[]; readonly gone: readonly string[] };

/** A watcher asks again within seconds; one that missed so many departures takes the whole picture. */
const DEPARTURES_MAX = 4_096;

export function createChangeLog(): ChangeLog {
  const changedAt = new Map<string, number>();
  const slight = new Set<string>();
  let departures: { readonly version: number; readonly key: string }[] = [];
  let version = 1;
  let completeSince = 1;

  function flush(): void {
    if (slight.size === 0) return;
    version += 1;
    for (const key of slight) changedAt.set(key, version);
    slight.clear();
  }

  return {
    version: () => version,
    changed(key) {
      slight.add(key);
      flush();
    },
    gone(key) {
      slight.delete(key);
      if (!changedAt.delete(key)) return;
      version += 1;
      departures.push({ version, key });
      if (departures.length <= DEPARTURES_MAX) return;
      departures = departures.slice(-DEPARTURES_MAX / 2);
      completeSince = (departures[0]?.version ?? version) - 1;
    },
    changedSlightly(key) {
      slight.add(key);
    },
    flush,
    since(known) {
      if (!(known >= completeSince && known <= version)) return undefined;
      const changed = [...changedAt].filter(([, at]) => at > known).map(([key]) => key);
      const left = departures.filter((departure) => departure.version > known && !changedAt.has(departure.key));
      return { changed, gone: [...new Set(left.map((departure) => departure.key))] };
    },
  };
}
