import { readFile } from 'node:fs/promises';
import { Reader } from 'maxmind';
import type { CityResponse } from 'maxmind';
import { addressText } from '../wire/address.ts';
import { bitAt } from './network.ts';
import { found } from './prefix-table.ts';
import type { PrefixTable } from './prefix-table.ts';

/** Which country an address is in, as far as a table knows. */
export type CountryTable = PrefixTable & {
  /** ISO 3166-1 alpha-2 of a value that was found. */
  codeOf(value: number): string;
};

const V4_IN_V6_BITS = 96;
const SEARCHABLE = new Set([24, 28, 32]);

/**
 * Opens a table in MaxMind's format with a `country_code`, or GeoLite2's `country.iso_code`. The search tree is walked as it lies in the file
 * (https://maxmind.github.io/MaxMind-DB/, "Binary Search Tree Section"), without text and without garbage; the library reads the rest: each row once, when it is first met.
 */
export async function openCountryTable(file: string): Promise<CountryTable> {
  const tree = await readFile(file);
  const reader = new Reader<CityResponse>(tree);
  const { nodeCount, recordSize, ipVersion } = reader.metadata;
  if (!SEARCHABLE.has(recordSize)) throw new Error(`${file}: records of ${recordSize} bits are not known`);
  const nodeBytes = recordSize / 4;
  const codes: string[] = [];
  /** Record → value; -1 for rows without a country. */
  const values = new Map<number, number>([[nodeCount, -1]]);
  const v4Root = rootOfV4();

  function record(node: number, side: 0 | 1): number {
    const at = node * nodeBytes;
    if (recordSize === 24) {
      const first = at + side * 3;
      return ((tree[first] ?? 0) << 16) | ((tree[first + 1] ?? 0) << 8) | (tree[first + 2] ?? 0);
    }
    if (recordSize === 32) return tree.readUInt32BE(at + side * 4);
    // 28 bits: the middle byte holds the upper four bits of both.
    const middle = tree.readUInt8(at + 3);
    return side === 0 ? ((middle >> 4) << 24) | tree.readUIntBE(at, 3) : ((middle & 15) << 24) | tree.readUIntBE(at + 4, 3);
  }

  function rootOfV4(): number {
    let node = 0;
    const depth = ipVersion === 6 ? V4_IN_V6_BITS : 0;
    for (let bit = 0; bit < depth && node < nodeCount; bit += 1) node = record(node, 0);
    return node;
  }

  /** A row that was not met before: the library finds it again by the address. */
  function learn(at: number, address: Uint8Array): number {
    const code = codeIn(reader.get(addressText(address)));
    let value = code === undefined ? -1 : codes.indexOf(code);
    if (code !== undefined && value === -1) value = codes.push(code) - 1;
    values.set(at, value);
    return value;
  }

  return {
    codeOf: (value) => codes[value] ?? '',
    find({ family, address }) {
      if (family === 2 && ipVersion === 4) return found(-1, 0);
      let at = family === 1 ? v4Root : 0;
      let bit = 0;
      for (; bit < address.length * 8 && at < nodeCount; bit += 1) at = record(at, bitAt(address, bit));
      return found(values.get(at) ?? learn(at, address), bit);
    },
  };
}

/** Our table's rows are flat, unlike those the reader's types know. */
function codeIn(row: CityResponse | null): string | undefined {
  if (row === null) return undefined;
  const code: unknown = 'country_code' in row ? row.country_code : row.country?.iso_code;
  return typeof code === 'string' && /^[A-Z]{2}$/.test(code) ? code : undefined;
}
