import type { AddressRecord, ClientNetwork, SteeredAnswer, Steering } from '../steer/port.ts';
import { CLASS_IN, EXTENDED_ERROR, LABELS_MAX, NAME_BYTES_MAX, RCODE, TYPE } from '../wire/numbers.ts';
import { write16, write32, writeBytes, writeName } from '../wire/packet-writer.ts';
import type { PacketWriter } from '../wire/packet-writer.ts';
import type { Query } from '../wire/query.ts';
import { findNode } from '../zone/find-node.ts';
import type { Found } from '../zone/find-node.ts';
import type { RecordData } from '../zone/record-data.ts';
import type { RecordSet, Zone, ZoneNode } from '../zone/zone.ts';
import type { AnswerFacts } from './answer-facts.ts';

export type Composing = { readonly zone: Zone; readonly steering: Steering };

/** Longer chains of CNAME are a mistake of the operator's, or a loop. */
const CNAME_HOPS_MAX = 8;
/** RFC 8482 4.2: what ANY gets instead of everything. */
const ANY_TTL_SECONDS = 3_600;
const ANY_DATA = Buffer.from('\x07RFC8482\x00', 'latin1');
const WITH_ADDRESSES: readonly number[] = [TYPE.NS, TYPE.MX, TYPE.SRV];
/** Points to the question's name, which is where every packet's first name is. */
const QUESTION_POINTER = 0xc00c;

/**
 * Writes the sections of the answer to `query` (class IN) behind its question, and what is to be known of them into `facts`. Names and sets come from the
 * zone, addresses of steered names from steering. When there is no room the writer is full: what to do then is the caller's to decide.
 */
export function composeAnswer(
  { zone, steering }: Composing,
  query: Query,
  client: ClientNetwork,
  writer: PacketWriter,
  facts: AnswerFacts,
): void {
  facts.isAuthoritative = true;
  let asked: AskedName = query;
  let owner: Uint8Array | null = null;
  for (let hop = 0; ; hop += 1) {
    findNode(zone, asked, found);
    const { node } = found;
    if (found.via === 'outside') {
      if (hop === 0) refuse(facts);
      break;
    }
    if (hop === 0) facts.ownerHash = node?.hash ?? 0;
    if (node === undefined) {
      facts.rcode = RCODE.NXDOMAIN;
      writeSoa(zone, writer, facts);
      break;
    }
    if (found.via === 'cut') {
      if (hop === 0) facts.isAuthoritative = false;
      facts.authorities += writeSet(writer, node.name, node.sets.get(TYPE.NS));
      break;
    }
    const cname = node.sets.get(TYPE.CNAME);
    const target = cname?.data[0]?.target;
    if (cname !== undefined && target !== undefined && query.type !== TYPE.CNAME) {
      facts.answers += writeSet(writer, owner, cname);
      // ANY gets the alias and nothing else (RFC 8482 4.1).
      if (query.type === TYPE.ANY || hop === CNAME_HOPS_MAX) break;
      asked = followTo(target, query.type);
      owner = target;
      continue;
    }
    writeNode({ zone, steering }, node, owner, query, client, writer, facts);
    break;
  }
  if (writer.isFull) return;
  // The addresses at a cut are no courtesy: without them the asker cannot go on (RFC 9471).
  facts.additionalAt = found.via === 'cut' ? 0 : writer.at;
  writeAdditionals(zone, query, writer, facts);
}

/** How an answer's records of one family are picked, here and where composed answers are kept. */
export function isSteeredType(node: ZoneNode, type: number): node is ZoneNode & { steered: string } {
  return node.steered !== undefined && (type === TYPE.A || type === TYPE.AAAA);
}

type AskedName = Pick<Query, 'name' | 'nameLength' | 'labels' | 'labelAt' | 'type'>;

// Scratch of one answer: composing is synchronous, so nobody else is here meanwhile.
const found: Found = { via: 'nothing', node: undefined };
const aliased = { name: new Uint8Array(NAME_BYTES_MAX), nameLength: 0, labels: 0, labelAt: new Uint8Array(LABELS_MAX + 1), type: 0 };

function followTo(target: Uint8Array, type: number): AskedName {
  aliased.name.set(target);
  aliased.nameLength = target.length;
  aliased.type = type;
  aliased.labels = 0;
  let at = 0;
  for (; (target[at] ?? 0) !== 0; at += 1 + (target[at] ?? 0)) aliased.labelAt[aliased.labels++] = at;
  aliased.labelAt[aliased.labels] = at;
  return aliased;
}

function refuse(facts: AnswerFacts): void {
  facts.rcode = RCODE.REFUSED;
  facts.isAuthoritative = false;
  facts.extendedError = EXTENDED_ERROR.NOT_AUTHORITATIVE;
}

function writeNode(
  { zone, steering }: Composing,
  node: ZoneNode,
  owner: Uint8Array | null,
  query: Query,
  client: ClientNetwork,
  writer: PacketWriter,
  facts: AnswerFacts,
): void {
  let written: number;
  if (isSteeredType(node, query.type)) {
    const answer = steering.answer(node.steered, client);
    facts.scopePrefix = answer.scopePrefix;
    if (answer.records.length === 0) {
      facts.rcode = RCODE.SERVFAIL;
      facts.isAuthoritative = false;
      facts.extendedError = EXTENDED_ERROR.NOT_READY;
      return;
    }
    written = writeSteered(writer, owner, query.type, answer);
  } else if (query.type === TYPE.ANY) {
    written = node.sets.size > 0 || node.steered !== undefined ? writeAny(writer, owner) : 0;
  } else {
    written = writeSet(writer, owner, node.sets.get(query.type));
  }
  facts.answers += written;
  if (written === 0) writeSoa(zone, writer, facts);
}

function writeSteered(writer: PacketWriter, owner: Uint8Array | null, type: number, answer: SteeredAnswer): number {
  const family = type === TYPE.A ? 1 : 2;
  let records = 0;
  for (const record of answer.records) {
    if (record.family !== family) continue;
    writeAddress(writer, owner, type, answer.ttlSeconds, record);
    records += 1;
  }
  return records;
}

function writeAddress(writer: PacketWriter, owner: Uint8Array | null, type: number, ttlSeconds: number, record: AddressRecord): void {
  writeHead(writer, owner, type, ttlSeconds);
  write16(writer, record.address.length);
  writeBytes(writer, record.address);
}

function writeAny(writer: PacketWriter, owner: Uint8Array | null): number {
  writeHead(writer, owner, TYPE.HINFO, ANY_TTL_SECONDS);
  write16(writer, ANY_DATA.length);
  writeBytes(writer, ANY_DATA);
  return 1;
}

/** RFC 2308 3: its TTL says how long the "no" may be kept. */
function writeSoa(zone: Zone, writer: PacketWriter, facts: AnswerFacts): void {
  facts.authorities += writeSet(writer, zone.origin, zone.soa, zone.negativeTtlSeconds);
}

/** Answers how many records were written. `owner` null is the question's name. */
function writeSet(writer: PacketWriter, owner: Uint8Array | null, set: RecordSet | undefined, ttlSeconds = set?.ttlSeconds ?? 0): number {
  if (set === undefined) return 0;
  for (const data of set.data) {
    writeHead(writer, owner, set.type, ttlSeconds);
    writeData(writer, data);
  }
  return set.data.length;
}

function writeHead(writer: PacketWriter, owner: Uint8Array | null, type: number, ttlSeconds: number): void {
  if (owner === null) write16(writer, QUESTION_POINTER);
  else writeName(writer, owner, true);
  write16(writer, type);
  write16(writer, CLASS_IN);
  write32(writer, ttlSeconds);
}

function writeData(writer: PacketWriter, data: RecordData): void {
  const lengthAt = writer.at;
  write16(writer, 0);
  writeBytes(writer, data.before);
  for (const name of data.names) writeName(writer, name, true);
  writeBytes(writer, data.after);
  if (writer.isFull) return;
  const length = writer.at - lengthAt - 2;
  writer.bytes[lengthAt] = length >> 8;
  writer.bytes[lengthAt + 1] = length & 0xff;
}

/** Addresses of the hosts that NS, MX and SRV name, as far as this zone knows them: glue at a cut, a courtesy elsewhere. */
function writeAdditionals(zone: Zone, query: Query, writer: PacketWriter, facts: AnswerFacts): void {
  if (found.node === undefined || facts.rcode !== RCODE.NOERROR) return;
  const set = found.node.sets.get(found.via === 'cut' ? TYPE.NS : query.type);
  if (set === undefined || !WITH_ADDRESSES.includes(set.type)) return;
  for (const { target } of set.data) {
    const host = target === undefined ? undefined : zone.nodes.find(target, 0, target.length);
    if (host === undefined || host.steered !== undefined) continue;
    facts.additionals += writeSet(writer, host.name, host.sets.get(TYPE.A)) + writeSet(writer, host.name, host.sets.get(TYPE.AAAA));
  }
}
