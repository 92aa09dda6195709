/** The little of DNS that a client needs to find IPv4 addresses: RFC 1035 with EDNS0 (RFC 6891) and client subnet (RFC 7871). */

export type DnsQuestion = {
  /** 0 to 65,535. */
  readonly id: number;
  /** Host name without a trailing dot. */
  readonly host: string;
  /** IPv4: the network of the client, of which 24 bits are told. */
  readonly clientAddress: string | undefined;
};

export type DnsAnswer =
  | { readonly kind: 'addresses'; readonly addresses: readonly string[]; readonly ttlSeconds: number }
  /** To be asked again over TCP. */
  | { readonly kind: 'truncated' }
  /** The name or the address does not exist, or the server does not say. */
  | { readonly kind: 'none'; readonly responseCode: number };

const TYPE = { a: 1, cname: 5, opt: 41 } as const;
const CLASS_IN = 1;
const OPTION_CLIENT_SUBNET = 8;
const FAMILY_IPV4 = 1;
const SUBNET_BITS = 24;
/** What passes through every network unfragmented (DNS Flag Day 2020). */
const UDP_BYTES_MAX = 1_232;
const RECURSION_DESIRED = 0x0100;
const HEADER_BYTES = 12;
/** Longer chains are loops or errors. */
const CNAMES_MAX = 8;
const POINTERS_MAX = 64;

/** Throws a RangeError for what is no host name. */
export function writeQuestion({ id, host, clientAddress }: DnsQuestion): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(id, 0);
  header.writeUInt16BE(RECURSION_DESIRED, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(1, 10);
  return Buffer.concat([header, writeName(host), words(TYPE.a, CLASS_IN), writeOpt(clientAddress)]);
}

/** Reads what came for a question. Throws a RangeError for what is no answer to it, or no DNS message. */
export function readAnswer(message: Buffer, { id, host }: Pick<DnsQuestion, 'id' | 'host'>): DnsAnswer {
  const flags = message.readUInt16BE(2);
  if (message.readUInt16BE(0) !== id || (flags & 0x8000) === 0) throw new RangeError('this answers another question');
  if ((flags & 0x0200) !== 0) return { kind: 'truncated' };
  const responseCode = flags & 0xf;
  let at = HEADER_BYTES;
  for (let question = message.readUInt16BE(4); question > 0; question -= 1) at = readName(message, at).end + 4;
  const records: Resource[] = [];
  for (let answer = message.readUInt16BE(6); answer > 0; answer -= 1) {
    const record = readResource(message, at);
    records.push(record);
    at = record.end;
  }
  return addressesOf(message, records, host) ?? { kind: 'none', responseCode };
}

type Resource = {
  readonly name: string;
  readonly type: number;
  readonly ttlSeconds: number;
  readonly dataAt: number;
  readonly end: number;
};

/** Follows the aliases from the name that was asked for. */
function addressesOf(message: Buffer, records: readonly Resource[], host: string): DnsAnswer | undefined {
  let name = host.toLowerCase();
  let ttlSeconds = Infinity;
  for (let hop = 0; hop <= CNAMES_MAX; hop += 1) {
    const found = records.filter((record) => record.type === TYPE.a && record.name === name && record.end - record.dataAt === 4);
    if (found.length > 0) {
      const addresses = found.map(({ dataAt }) => [...message.subarray(dataAt, dataAt + 4)].join('.'));
      return { kind: 'addresses', addresses, ttlSeconds: Math.min(ttlSeconds, ...found.map((record) => record.ttlSeconds)) };
    }
    const alias = records.find((record) => record.type === TYPE.cname && record.name === name);
    if (alias === undefined) return undefined;
    name = readName(message, alias.dataAt).name;
    ttlSeconds = Math.min(ttlSeconds, alias.ttlSeconds);
  }
  return undefined;
}

function readResource(message: Buffer, start: number): Resource {
  const { name, end: at } = readName(message, start);
  const dataAt = at + 10;
  const end = dataAt + message.readUInt16BE(at + 8);
  if (end > message.length) throw new RangeError('a record reaches beyond its message');
  return { name, type: message.readUInt16BE(at), ttlSeconds: message.readUInt32BE(at + 4), dataAt, end };
}

/** `end`: behind the name where it stands, whatever it points to. */
function readName(message: Buffer, start: number): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = start;
  let end: number | undefined;
  for (let pointers = 0; ;) {
    const length = message.readUInt8(at);
    if (length === 0) break;
    if (length >= 0xc0) {
      end ??= at + 2;
      at = message.readUInt16BE(at) & 0x3fff;
      pointers += 1;
      if (pointers > POINTERS_MAX) throw new RangeError('a name points to itself');
    } else if (length > 63) throw new RangeError('a label of an unknown kind');
    else {
      if (at + 1 + length > message.length) throw new RangeError('a name reaches beyond its message');
      labels.push(message.toString('latin1', at + 1, at + 1 + length).toLowerCase());
      at += 1 + length;
    }
  }
  return { name: labels.join('.'), end: end ?? at + 1 };
}

function writeName(host: string): Buffer {
  const labels = host.split('.');
  if (host.length > 253 || labels.some((label) => !/^[a-z0-9_-]{1,63}$/i.test(label))) throw new RangeError(`"${host}" is no host name`);
  return Buffer.concat([...labels.map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`, 'latin1')), Buffer.of(0)]);
}

function writeOpt(clientAddress: string | undefined): Buffer {
  const option = clientAddress === undefined ? Buffer.alloc(0) : writeClientSubnet(clientAddress);
  return Buffer.concat([Buffer.of(0), words(TYPE.opt, UDP_BYTES_MAX, 0, 0, option.length), option]);
}

function writeClientSubnet(address: string): Buffer {
  const network = Buffer.from(
    address
      .split('.')
      .slice(0, SUBNET_BITS / 8)
      .map(Number),
  );
  return Buffer.concat([words(OPTION_CLIENT_SUBNET, 4 + network.length, FAMILY_IPV4), Buffer.of(SUBNET_BITS, 0), network]);
}

function words(...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => buffer.writeUInt16BE(value, index * 2));
  return buffer;
}
