import { CLIENT_COOKIE_BYTES, SERVER_COOKIE_BYTES } from '../protect/cookies.ts';
import type { Cookies } from '../protect/cookies.ts';
import { OPTION, TYPE, UDP_BYTES_MAX } from '../wire/numbers.ts';
import { write16, write8, writeBytes } from '../wire/packet-writer.ts';
import type { PacketWriter } from '../wire/packet-writer.ts';
import type { Query } from '../wire/query.ts';
import type { AnswerFacts } from './answer-facts.ts';

type Said = {
  readonly query: Query;
  readonly facts: AnswerFacts;
  readonly cookies: Cookies;
  readonly serverId: Uint8Array;
  readonly client: Uint8Array;
  readonly nowSeconds: number;
};

/** Root name, type, size, extended RCODE and flags, length. */
const OPT_BYTES = 11;
const OPTION_HEAD_BYTES = 4;
const COOKIE_BYTES = OPTION_HEAD_BYTES + CLIENT_COOKIE_BYTES + SERVER_COOKIE_BYTES;
const EXTENDED_ERROR_BYTES = OPTION_HEAD_BYTES + 2;
const KEEPALIVE_BYTES = OPTION_HEAD_BYTES + 2;
/** RFC 7828, in tenths of a second: how long connections may be idle here. */
const KEEPALIVE = 100;

/** The most that the OPT record of the answer can take. */
export function optionsBytes(query: Query, serverId: Uint8Array): number {
  let bytes = OPT_BYTES + EXTENDED_ERROR_BYTES;
  if (query.hasClientSubnet) bytes += OPTION_HEAD_BYTES + 4 + subnetBytes(query);
  if (query.cookieBytes > 0) bytes += COOKIE_BYTES;
  if (query.wantsServerId) bytes += OPTION_HEAD_BYTES + serverId.length;
  if (query.wantsKeepalive) bytes += KEEPALIVE_BYTES;
  return bytes;
}

/** Writes the OPT record of the answer (RFC 6891 6): what was asked for, and what we have to say. */
export function writeOptions(writer: PacketWriter, said: Said): void {
  const { query, facts } = said;
  write8(writer, 0);
  write16(writer, TYPE.OPT);
  write16(writer, UDP_BYTES_MAX);
  write8(writer, facts.rcode >> 4);
  write8(writer, 0);
  // RFC 3225 3: DO comes back as it was.
  write16(writer, query.dnssecOk ? 0x8000 : 0);
  const lengthAt = writer.at;
  write16(writer, 0);
  if (query.hasClientSubnet) writeClientSubnet(writer, query, facts);
  if (query.cookieBytes > 0) writeCookie(writer, said);
  if (query.wantsServerId && said.serverId.length > 0) writeServerId(writer, said.serverId);
  if (query.wantsKeepalive) writeNumber(writer, OPTION.TCP_KEEPALIVE, KEEPALIVE);
  if (facts.extendedError >= 0) writeNumber(writer, OPTION.EXTENDED_ERROR, facts.extendedError);
  const length = writer.at - lengthAt - 2;
  writer.bytes[lengthAt] = length >> 8;
  writer.bytes[lengthAt + 1] = length & 0xff;
}

/** RFC 7871 7.2.1: family, prefix and address as they came; only the scope is ours, and it is 0 where nobody was to be known. */
function writeClientSubnet(writer: PacketWriter, query: Query, facts: AnswerFacts): void {
  const bytes = subnetBytes(query);
  write16(writer, OPTION.CLIENT_SUBNET);
  write16(writer, 4 + bytes);
  write16(writer, query.subnetFamily);
  write8(writer, query.subnetSourcePrefix);
  write8(writer, query.subnetSourcePrefix === 0 ? 0 : Math.min(facts.scopePrefix, query.subnetFamily === 1 ? 32 : 128));
  for (let i = 0; i < bytes; i += 1) write8(writer, query.subnetAddress[i] ?? 0);
}

function writeCookie(writer: PacketWriter, { query, cookies, client, nowSeconds }: Said): void {
  write16(writer, OPTION.COOKIE);
  write16(writer, CLIENT_COOKIE_BYTES + SERVER_COOKIE_BYTES);
  for (let i = 0; i < CLIENT_COOKIE_BYTES; i += 1) write8(writer, query.cookie[i] ?? 0);
  cookies.write(query.cookie, client, nowSeconds, writer.bytes, writer.at);
  writer.at += SERVER_COOKIE_BYTES;
}

function writeServerId(writer: PacketWriter, serverId: Uint8Array): void {
  write16(writer, OPTION.NSID);
  write16(writer, serverId.length);
  writeBytes(writer, serverId);
}

function writeNumber(writer: PacketWriter, option: number, value: number): void {
  write16(writer, option);
  write16(writer, 2);
  write16(writer, value);
}

function subnetBytes(query: Query): number {
  return (query.subnetSourcePrefix + 7) >> 3;
}
