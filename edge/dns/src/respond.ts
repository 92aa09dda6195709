import { clearFacts, createAnswerFacts } from './answer/answer-facts.ts';
import type { AnswerFacts } from './answer/answer-facts.ts';
import { createKeptAnswers } from './answer/kept-answers.ts';
import { writeOptions, optionsBytes } from './answer/write-options.ts';
import { CLIENT_COOKIE_BYTES } from './protect/cookies.ts';
import type { Cookies } from './protect/cookies.ts';
import type { ClientNetwork, Steering } from './steer/port.ts';
import { CLASS_IN, EXTENDED_ERROR, HEADER_BYTES, PLAIN_UDP_BYTES_MAX, RCODE, TCP_BYTES_MAX, TYPE, UDP_BYTES_MAX } from './wire/numbers.ts';
import { createPacketWriter, startAfterQuestion } from './wire/packet-writer.ts';
import type { PacketWriter } from './wire/packet-writer.ts';
import { createQuery, readQuery } from './wire/query.ts';
import type { Query } from './wire/query.ts';
import type { Zone } from './zone/zone.ts';

export type Transport = 'udp' | 'tcp';

/** A query packet in, an answer packet out. Synchronous and without effects; its memory is used again for the next answer. */
export type Responder = {
  /**
   * Writes the answer to `packet` into `out` (`UDP_BYTES_MAX` or `TCP_BYTES_MAX` bytes, never the packet itself) and answers its length; 0 = say nothing.
   * `client` is the address that the packet came from, 4 or 16 bytes. Never throws because of what is in the packet.
   */
  respond(packet: Uint8Array, client: Uint8Array, transport: Transport, nowSeconds: number, out: Uint8Array): number;
  /** Instead of the answer just made: as little as tells a real client how to go on (a cookie to show, or TCP). */
  respondBriefly(packet: Uint8Array, client: Uint8Array, nowSeconds: number, out: Uint8Array): number;
  /** Of the answer just made. */
  readonly facts: AnswerFacts;
};

export type ResponderParts = {
  readonly zone: Zone;
  readonly steering: Steering;
  readonly cookies: Cookies;
  /** RFC 5001: what NSID answers; empty = nothing. */
  readonly serverId: Uint8Array;
};

const FLAG_RESPONSE = 0x80;
const FLAG_AUTHORITATIVE = 0x04;
const FLAG_TRUNCATED = 0x02;
const FLAG_RECURSION_DESIRED = 0x01;

export function createResponder({ zone, steering, cookies, serverId }: ResponderParts): Responder {
  const query = createQuery();
  const facts = createAnswerFacts();
  const kept = createKeptAnswers({ zone, steering });
  const network = createNetwork();
  const writer = createPacketWriter();

  function begin(packet: Uint8Array, out: Uint8Array, bytesMax: number): void {
    writer.bytes = out;
    // Room for the options is kept free from the start, the extended error included, of which one knows only later.
    writer.end = Math.min(out.length, bytesMax) - (query.edns ? optionsBytes(query, serverId) : 0);
    startAfterQuestion(writer, query.questionEnd, query.labels, query.labelAt);
    // In the asker's own letters: some prove by them that the answer is theirs.
    for (let i = HEADER_BYTES; i < query.questionEnd; i += 1) out[i] = packet[i] ?? 0;
  }

  function finish(packet: Uint8Array, out: Uint8Array, isTruncated: boolean): number {
    writeHeader(packet, out, query, facts, isTruncated);
    if (!query.edns) return writer.at;
    writer.end = out.length;
    writeOptions(writer, { query, facts, cookies, serverId, client: network.client, nowSeconds: network.nowSeconds });
    return writer.at;
  }

  return {
    facts,
    respond(packet, client, transport, nowSeconds, out) {
      const outcome = readQuery(packet, query);
      if (outcome === 'ignore') return 0;
      clearFacts(facts, outcome);
      network.client = client;
      network.nowSeconds = nowSeconds;
      // RFC 7828 3.2.1: it has no meaning by UDP.
      query.wantsKeepalive &&= transport === 'tcp';
      if (query.cookieBytes > CLIENT_COOKIE_BYTES)
        facts.hasValidCookie = cookies.isValid(query.cookie, query.cookieBytes, client, nowSeconds);
      begin(packet, out, bytesMaxOf(query, transport));
      if (outcome === RCODE.NOERROR && query.hasQuestion) {
        if (query.class !== CLASS_IN || isTransfer(query.type)) refuse(query, facts);
        else kept.write(query, network.of(query), writer, facts);
      }
      return finish(packet, out, cutToFit(writer, facts, query));
    },
    respondBriefly(packet, client, nowSeconds, out) {
      const outcome = readQuery(packet, query);
      if (outcome === 'ignore') return 0;
      network.client = client;
      network.nowSeconds = nowSeconds;
      query.wantsKeepalive = false;
      clearFacts(facts, query.cookieBytes > 0 ? RCODE.BADCOOKIE : outcome);
      begin(packet, out, UDP_BYTES_MAX);
      return finish(packet, out, query.cookieBytes === 0);
    },
  };
}

function refuse(query: Query, facts: AnswerFacts): void {
  facts.rcode = RCODE.REFUSED;
  facts.extendedError = query.class === CLASS_IN ? EXTENDED_ERROR.NOT_SUPPORTED : EXTENDED_ERROR.NOT_AUTHORITATIVE;
}

/** Transfers are another server's job: this zone's data are made anew wherever it runs. */
function isTransfer(type: number): boolean {
  return type === TYPE.AXFR || type === TYPE.IXFR;
}

function bytesMaxOf(query: Query, transport: Transport): number {
  if (transport === 'tcp') return TCP_BYTES_MAX;
  return query.edns ? Math.min(Math.max(query.udpBytesMax, PLAIN_UDP_BYTES_MAX), UDP_BYTES_MAX) : PLAIN_UDP_BYTES_MAX;
}

/** What does not fit: first what was only a courtesy, then everything, with TC set (RFC 2181 9). Sets are never sent in part. */
function cutToFit(writer: PacketWriter, facts: AnswerFacts, query: Query): boolean {
  if (!writer.isFull) return false;
  writer.isFull = false;
  facts.additionals = 0;
  if (facts.additionalAt > 0) {
    writer.at = facts.additionalAt;
    return false;
  }
  writer.at = query.questionEnd;
  facts.answers = 0;
  facts.authorities = 0;
  return true;
}

function writeHeader(packet: Uint8Array, out: Uint8Array, query: Query, facts: AnswerFacts, isTruncated: boolean): void {
  out[0] = packet[0] ?? 0;
  out[1] = packet[1] ?? 0;
  out[2] =
    FLAG_RESPONSE |
    (query.opcode << 3) |
    (facts.isAuthoritative ? FLAG_AUTHORITATIVE : 0) |
    (isTruncated ? FLAG_TRUNCATED : 0) |
    (query.recursionDesired ? FLAG_RECURSION_DESIRED : 0);
  // RA, Z, AD and CD are 0: no recursion, nothing validated (RFC 4035 3.1.6).
  out[3] = facts.rcode & 0x0f;
  count(out, 4, query.hasQuestion ? 1 : 0);
  count(out, 6, facts.answers);
  count(out, 8, facts.authorities);
  count(out, 10, facts.additionals + (query.edns ? 1 : 0));
}

function count(out: Uint8Array, at: number, value: number): void {
  out[at] = value >> 8;
  out[at + 1] = value & 0xff;
}

/** One object of the steering port per transport of an answer: filled, read by steering, and filled again. */
function createNetwork(): { client: Uint8Array; nowSeconds: number; of(query: Query): ClientNetwork } {
  const v4 = { family: 1 as const, address: new Uint8Array(4), sourcePrefix: 0, from: 'ecs' as 'ecs' | 'resolver' };
  const v6 = { family: 2 as const, address: new Uint8Array(16), sourcePrefix: 0, from: 'ecs' as 'ecs' | 'resolver' };
  const network = {
    client: new Uint8Array(4),
    nowSeconds: 0,
    of(query: Query): ClientNetwork {
      // With prefix 0 the resolver asks not to look at the client; its own address is what is left (RFC 7871 7.1.2).
      const isByEcs = query.hasClientSubnet && query.subnetSourcePrefix > 0;
      const bytes = isByEcs ? query.subnetAddress : network.client;
      const into = (isByEcs ? query.subnetFamily === 1 : bytes.length === 4) ? v4 : v6;
      into.from = isByEcs ? 'ecs' : 'resolver';
      into.sourcePrefix = isByEcs ? query.subnetSourcePrefix : into.address.length * 8;
      for (let i = 0; i < into.address.length; i += 1) into.address[i] = bytes[i] ?? 0;
      return into;
    },
  };
  return network;
}
