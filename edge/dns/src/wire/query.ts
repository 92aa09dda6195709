import type { AddressFamily } from '../steer/port.ts';
import { HEADER_BYTES, LABELS_MAX, LABEL_BYTES_MAX, NAME_BYTES_MAX, OPTION, RCODE, TYPE } from './numbers.ts';

/**
 * What a packet asks. One object is used for packet after packet, so that reading makes no garbage: everything in it holds until the next `readQuery`.
 * Offsets are into the packet.
 */
export type Query = {
  id: number;
  opcode: number;
  recursionDesired: boolean;
  /** False where the question could not be read, or there is none. */
  hasQuestion: boolean;
  /** The question as it came is packet[12 … questionEnd). */
  questionEnd: number;
  /** The asked name in lower case, wire form. */
  readonly name: Uint8Array;
  nameLength: number;
  /** Where each label of `name` begins, the root label last. */
  readonly labelAt: Uint8Array;
  /** Without the root label. */
  labels: number;
  type: number;
  class: number;
  edns: boolean;
  ednsVersion: number;
  udpBytesMax: number;
  dnssecOk: boolean;
  hasClientSubnet: boolean;
  /** 0 is what some clients send with prefix 0 when they want nobody to be known. */
  subnetFamily: AddressFamily | 0;
  subnetSourcePrefix: number;
  /** 16 bytes, of which family 1 uses 4; the bits beyond the prefix are 0. */
  readonly subnetAddress: Uint8Array;
  /** 0 = no cookie, 8 = the client's only, 16–40 with a server's. */
  cookieBytes: number;
  readonly cookie: Uint8Array;
  wantsServerId: boolean;
  wantsKeepalive: boolean;
};

/** `ignore`: no answer at all, since it is no query. Otherwise the RCODE that reading leads to; NOERROR = to be answered from the zone. */
export type ReadOutcome = 'ignore' | number;

const COOKIE_BYTES_MAX = 40;
/** A query has OPT and perhaps TSIG or SIG(0), IXFR one SOA; more is somebody's attempt to keep us busy. */
const RECORDS_MAX = 8;
const OPCODE_QUERY = 0;

export function createQuery(): Query {
  return {
    id: 0,
    opcode: 0,
    recursionDesired: false,
    hasQuestion: false,
    questionEnd: HEADER_BYTES,
    name: new Uint8Array(NAME_BYTES_MAX),
    nameLength: 0,
    labelAt: new Uint8Array(LABELS_MAX + 1),
    labels: 0,
    type: 0,
    class: 0,
    edns: false,
    ednsVersion: 0,
    udpBytesMax: 0,
    dnssecOk: false,
    hasClientSubnet: false,
    subnetFamily: 0,
    subnetSourcePrefix: 0,
    subnetAddress: new Uint8Array(16),
    cookieBytes: 0,
    cookie: new Uint8Array(COOKIE_BYTES_MAX),
    wantsServerId: false,
    wantsKeepalive: false,
  };
}

/** Reads a packet into `query` (RFC 1035 4.1; RFC 6891; one question only: RFC 9619). Never throws, whatever the bytes are. */
export function readQuery(packet: Uint8Array, query: Query): ReadOutcome {
  reset(query);
  if (packet.length < HEADER_BYTES) return 'ignore';
  query.id = u16(packet, 0);
  const flags = u16(packet, 2);
  // Answering answers would let two servers talk for ever.
  if ((flags & 0x8000) !== 0) return 'ignore';
  query.opcode = (flags >> 11) & 0x0f;
  query.recursionDesired = (flags & 0x0100) !== 0;
  // What follows has another meaning under another opcode: nothing of it can be read (RFC 8906 3.1.3).
  if (query.opcode !== OPCODE_QUERY) return RCODE.NOTIMP;
  const questions = u16(packet, 4);
  const answers = u16(packet, 6);
  const authorities = u16(packet, 8);
  const additionals = u16(packet, 10);
  if (questions > 1 || answers > 0 || authorities + additionals > RECORDS_MAX) return RCODE.FORMERR;
  let at = HEADER_BYTES;
  if (questions === 1) {
    at = readQuestion(packet, query);
    if (at < 0) return RCODE.FORMERR;
  }
  for (let record = 0; record < authorities + additionals; record += 1) {
    at = readRecord(packet, at, query, record >= authorities);
    if (at < 0) return RCODE.FORMERR;
  }
  if (query.edns && query.ednsVersion > 0) return RCODE.BADVERS;
  // Without a question one may only ask for a cookie (RFC 7873 5.4).
  if (questions === 0 && query.cookieBytes === 0) return RCODE.FORMERR;
  return RCODE.NOERROR;
}

function reset(query: Query): void {
  query.hasQuestion = false;
  query.questionEnd = HEADER_BYTES;
  query.nameLength = 0;
  query.labels = 0;
  query.type = 0;
  query.class = 0;
  query.edns = false;
  query.ednsVersion = 0;
  query.udpBytesMax = 0;
  query.dnssecOk = false;
  query.hasClientSubnet = false;
  query.cookieBytes = 0;
  query.wantsServerId = false;
  query.wantsKeepalive = false;
}

/** Answers where it ends, -1 when it is malformed. There is nothing yet that a compressed name could point to. */
function readQuestion(packet: Uint8Array, query: Query): number {
  let at = HEADER_BYTES;
  let labels = 0;
  for (;;) {
    const length = packet[at];
    if (length === undefined || length > LABEL_BYTES_MAX) return -1;
    const next = at + 1 + length;
    if (next - HEADER_BYTES > NAME_BYTES_MAX || next > packet.length) return -1;
    query.labelAt[labels] = at - HEADER_BYTES;
    at = next;
    if (length === 0) break;
    labels += 1;
  }
  if (at + 4 > packet.length) return -1;
  for (let i = HEADER_BYTES; i < at; i += 1) {
    const byte = packet[i] ?? 0;
    query.name[i - HEADER_BYTES] = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
  }
  query.nameLength = at - HEADER_BYTES;
  query.labels = labels;
  query.type = u16(packet, at);
  query.class = u16(packet, at + 2);
  query.hasQuestion = true;
  query.questionEnd = at + 4;
  return at + 4;
}

/** Answers where the record ends, -1 when it is malformed. Only OPT is looked into: TSIG and others are nothing to a server without their keys. */
function readRecord(packet: Uint8Array, from: number, query: Query, isAdditional: boolean): number {
  const at = skipName(packet, from);
  if (at < 0 || at + 10 > packet.length) return -1;
  const end = at + 10 + u16(packet, at + 8);
  if (end > packet.length) return -1;
  if (u16(packet, at) !== TYPE.OPT) return end;
  // RFC 6891 6.1.1: one OPT, of the root, among the additional records.
  if (!isAdditional || query.edns || packet[from] !== 0) return -1;
  query.edns = true;
  query.udpBytesMax = u16(packet, at + 2);
  query.ednsVersion = packet[at + 5] ?? 0;
  query.dnssecOk = ((packet[at + 6] ?? 0) & 0x80) !== 0;
  return readOptions(packet, at + 10, end, query) ? end : -1;
}

function skipName(packet: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    const length = packet[at];
    if (length === undefined) return -1;
    if (length === 0) return at + 1;
    if (length >= 0xc0) return at + 2;
    if (length > LABEL_BYTES_MAX || at - from > NAME_BYTES_MAX) return -1;
    at += 1 + length;
  }
}

function readOptions(packet: Uint8Array, from: number, end: number, query: Query): boolean {
  let at = from;
  while (at < end) {
    if (at + 4 > end) return false;
    const code = u16(packet, at);
    const start = at + 4;
    const next = start + u16(packet, at + 2);
    if (next > end) return false;
    if (code === OPTION.CLIENT_SUBNET && !readClientSubnet(packet, start, next, query)) return false;
    if (code === OPTION.COOKIE && !readCookie(packet, start, next, query)) return false;
    if (code === OPTION.NSID) query.wantsServerId = true;
    if (code === OPTION.TCP_KEEPALIVE) query.wantsKeepalive = true;
    at = next;
  }
  return true;
}

/** RFC 7871 6 and 7.2.1: wrong lengths and bits beyond the prefix are malformed. */
function readClientSubnet(packet: Uint8Array, start: number, end: number, query: Query): boolean {
  if (end - start < 4 || query.hasClientSubnet) return false;
  const family = u16(packet, start);
  const sourcePrefix = packet[start + 2] ?? 0;
  const scopePrefix = packet[start + 3] ?? 0;
  const bytes = end - start - 4;
  if (scopePrefix !== 0 || bytes !== (sourcePrefix + 7) >> 3) return false;
  if (family === 0 ? sourcePrefix !== 0 : family > 2 || sourcePrefix > (family === 1 ? 32 : 128)) return false;
  const spareBits = bytes * 8 - sourcePrefix;
  if (bytes > 0 && ((packet[end - 1] ?? 0) & ((1 << spareBits) - 1)) !== 0) return false;
  query.hasClientSubnet = true;
  query.subnetFamily = family === 1 ? 1 : family === 2 ? 2 : 0;
  query.subnetSourcePrefix = sourcePrefix;
  for (let i = 0; i < 16; i += 1) query.subnetAddress[i] = i < bytes ? (packet[start + 4 + i] ?? 0) : 0;
  return true;
}

/** RFC 7873 4: the client's 8 bytes, then nothing or 8 to 32 of the server. */
function readCookie(packet: Uint8Array, start: number, end: number, query: Query): boolean {
  const bytes = end - start;
  if (bytes !== 8 && (bytes < 16 || bytes > COOKIE_BYTES_MAX)) return false;
  // The first counts when there are several (RFC 7873 5).
  if (query.cookieBytes !== 0) return true;
  query.cookieBytes = bytes;
  for (let i = 0; i < bytes; i += 1) query.cookie[i] = packet[start + i] ?? 0;
  return true;
}

function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
