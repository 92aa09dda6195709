import type { DatabaseSync } from 'node:sqlite';

export type Namespaces = {
  /** Made on first use. */
  idFor(name: string): number;
  /** Null when nothing was ever written there. */
  find(name: string): number | null;
  rolledBack(): void;
};

/** Rows carry a small number instead of the namespace's name. An id never changes, so a known one is kept. */
export function createNamespaces(database: DatabaseSync): Namespaces {
  const select = database.prepare('SELECT id FROM namespaces WHERE name = ?');
  const insert = database.prepare('INSERT INTO namespaces (name) VALUES (?) RETURNING id');
  // Bounded by the number of namespaces, which are written in code, not made from outside input.
  const known = new Map<string, number>();

  function find(name: string): number | null {
    const remembered = known.get(name);
    if (remembered !== undefined) return remembered;
    const id = select.get(name)?.['id'];
    if (typeof id !== 'number') return null;
    known.set(name, id);
    return id;
  }

  return {
    find,
    idFor(name) {
      const found = find(name);
      if (found !== null) return found;
      const id = Number(insert.get(name)?.['id']);
      known.set(name, id);
      return id;
    },
    rolledBack: () => known.clear(),
  };
}
