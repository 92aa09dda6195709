import { createHash, type Hash } from 'node:crypto';

export const MOVED_KINDS = ['items', 'registers', 'events'] as const;
export type MovedKind = (typeof MOVED_KINDS)[number];
export type Side = 'source' | 'destination';

/** `checksum`: of everything there, whatever the order it was read in. */
export type Total = { readonly count: number; readonly bytes: number; readonly checksum: string };
export type TallyRow = { readonly kind: MovedKind; readonly namespace: string; readonly source: Total; readonly destination: Total };

export type Tally = {
  add(side: Side, kind: MovedKind, namespace: string, fields: readonly (string | number | Uint8Array | null)[]): void;
  rows(): readonly TallyRow[];
};

type Sum = { count: number; bytes: number; sum: bigint };

/** Counts and checksums of both sides. Sums of hashes do not depend on the order, and two that differ by a swap, a repetition or a loss differ (2^-64 apart). */
export function createTally(): Tally {
  const sums = new Map<string, Record<Side, Sum> & { readonly kind: MovedKind; readonly namespace: string }>();

  return {
    add(side, kind, namespace, fields) {
      const name = `${kind} ${namespace}`;
      let found = sums.get(name);
      if (found === undefined) {
        found = { kind, namespace, source: { count: 0, bytes: 0, sum: 0n }, destination: { count: 0, bytes: 0, sum: 0n } };
        sums.set(name, found);
      }
      const sum = found[side];
      const hash = createHash('sha256');
      for (const field of fields) sum.bytes += addField(hash, field);
      sum.count += 1;
      sum.sum = BigInt.asUintN(64, sum.sum + hash.digest().readBigUInt64BE(0));
    },
    rows: () =>
      [...sums.values()]
        .map(({ kind, namespace, source, destination }) => ({
          kind,
          namespace,
          source: totalOf(source),
          destination: totalOf(destination),
        }))
        .toSorted((a, b) => (`${a.kind} ${a.namespace}` < `${b.kind} ${b.namespace}` ? -1 : 1)),
  };
}

/** Each with its kind and length, so that two lists of fields never make the same bytes. Answers how many bytes of data it was. */
function addField(hash: Hash, field: string | number | Uint8Array | null): number {
  if (field === null) {
    hash.update('0');
    return 0;
  }
  if (typeof field === 'number') {
    hash.update(`n${field};`);
    return 0;
  }
  const length = typeof field === 'string' ? Buffer.byteLength(field) : field.length;
  hash.update(`${typeof field === 'string' ? 't' : 'b'}${length};`);
  hash.update(field);
  return length;
}

function totalOf({ count, bytes, sum }: Sum): Total {
  return { count, bytes, checksum: sum.toString(16).padStart(16, '0') };
}
