import { createNameTable, hashOf } from '../wire/name-table.ts';
import type { NameTable } from '../wire/name-table.ts';
import { isWithin, nameToText, nameToWire } from '../wire/name.ts';
import { TYPE } from '../wire/numbers.ts';
import type { RecordData } from './record-data.ts';
import type { ZoneRecord } from './zone-file.ts';

export type RecordSet = { readonly type: number; readonly ttlSeconds: number; readonly data: readonly RecordData[] };

/** A name of the zone. One without sets and not steered is there only because something is below it (an empty non-terminal, RFC 8020). */
export type ZoneNode = {
  readonly name: Uint8Array;
  readonly hash: number;
  readonly sets: Map<number, RecordSet>;
  /** The name below the zone under which steering knows it; then it answers A and AAAA, and `sets` holds the other types. */
  steered: string | undefined;
  /** `*` below this name (RFC 4592). */
  wildcard: ZoneNode | undefined;
  /** Has NS and is not the apex: from here on another server answers. */
  isCut: boolean;
};

export type Zone = {
  readonly origin: Uint8Array;
  /** Without the root label. */
  readonly originLabels: number;
  readonly apex: ZoneNode;
  readonly soa: RecordSet;
  /** RFC 2308 5: the lesser of the SOA's TTL and its last field. */
  readonly negativeTtlSeconds: number;
  readonly nodes: NameTable<ZoneNode>;
  readonly hasCuts: boolean;
};

/** What one zone cannot have. Sent as one answer, a set larger than this would not fit TCP. */
const RECORDS_OF_SET_MAX = 512;
/** Types that may stand beside a CNAME: none without DNSSEC. */
const DNAME = 39;

/**
 * The zone of the records, with the given names (`app`, relative to the zone) steered. Throws one error naming everything that is wrong: no SOA, names
 * outside, a CNAME beside other data, sets with several TTLs, addresses at steered names.
 */
export function buildZone(name: string, records: readonly ZoneRecord[], steered: readonly string[]): Zone {
  const origin = nameToWire(name);
  const problems: string[] = [];
  const nodes = createNameTable<ZoneNode>();
  const apex = nodeAt(nodes, origin, origin);
  for (const record of records) {
    if (!isWithin(record.owner, origin)) problems.push(`line ${record.line}: ${nameToText(record.owner)} is not below ${name}`);
    else addRecord(nodeAt(nodes, record.owner, origin), record, problems);
  }
  for (const each of steered) nodeAt(nodes, nameToWire(each, origin), origin).steered = each;
  for (const node of nodes.values()) {
    node.isCut = node !== apex && node.sets.has(TYPE.NS);
    checkNode(node, problems);
  }
  const soa = apex.sets.get(TYPE.SOA);
  if (soa === undefined || soa.data.length !== 1) problems.push('one SOA is needed at the apex');
  if (!apex.sets.has(TYPE.NS)) problems.push('NS is needed at the apex');
  if (soa === undefined || problems.length > 0) throw new Error(`the zone ${name} is wrong: ${problems.join('; ')}`);
  return {
    origin,
    originLabels: labelsOf(origin),
    apex,
    soa,
    negativeTtlSeconds: Math.min(soa.ttlSeconds, lastField(soa)),
    nodes,
    hasCuts: nodes.values().some((node) => node.isCut),
  };
}

/** Its own node and, with it, all names between it and the apex. */
function nodeAt(nodes: NameTable<ZoneNode>, name: Uint8Array, origin: Uint8Array): ZoneNode {
  const known = nodes.find(name, 0, name.length);
  if (known !== undefined) return known;
  const node: ZoneNode = {
    name,
    hash: hashOf(name, 0, name.length),
    sets: new Map(),
    steered: undefined,
    wildcard: undefined,
    isCut: false,
  };
  nodes.set(name, node);
  if (name.length > origin.length) {
    const parent = nodeAt(nodes, name.subarray(1 + (name[0] ?? 0)), origin);
    if (name[0] === 1 && name[1] === 0x2a) parent.wildcard = node;
  }
  return node;
}

function addRecord(node: ZoneNode, record: ZoneRecord, problems: string[]): void {
  const before = node.sets.get(record.type);
  const where = `line ${record.line}`;
  if (record.type === DNAME || record.type === TYPE.OPT) problems.push(`${where}: this type is not served here`);
  if (before !== undefined && before.ttlSeconds !== record.ttlSeconds)
    problems.push(`${where}: the records of a set have one TTL (RFC 2181 5.2)`);
  const data = before?.data ?? [];
  if (data.length >= RECORDS_OF_SET_MAX) problems.push(`${where}: more than ${RECORDS_OF_SET_MAX} records of one set`);
  if (data.some((each) => isSameData(each, record.data))) return;
  node.sets.set(record.type, { type: record.type, ttlSeconds: record.ttlSeconds, data: [...data, record.data] });
}

function checkNode(node: ZoneNode, problems: string[]): void {
  const name = nameToText(node.name);
  const cname = node.sets.get(TYPE.CNAME);
  if (cname !== undefined && (node.sets.size > 1 || cname.data.length > 1 || node.steered !== undefined))
    problems.push(`${name}: CNAME stands alone (RFC 2181 10.1)`);
  if (node.steered !== undefined && (node.sets.has(TYPE.A) || node.sets.has(TYPE.AAAA) || node.isCut))
    problems.push(`${name} is steered: it has no A, AAAA or NS in the zone`);
}

function lastField(soa: RecordSet): number {
  const after = soa.data[0]?.after ?? new Uint8Array(20);
  return new DataView(after.buffer, after.byteOffset, after.byteLength).getUint32(16);
}

function labelsOf(name: Uint8Array): number {
  let labels = 0;
  for (let at = 0; (name[at] ?? 0) !== 0; at += 1 + (name[at] ?? 0)) labels += 1;
  return labels;
}

function isSameData(a: RecordData, b: RecordData): boolean {
  const flat = (data: RecordData): string =>
    [data.before, ...data.names, data.after].map((part) => Buffer.from(part).toString('hex')).join(' ');
  return flat(a) === flat(b);
}
