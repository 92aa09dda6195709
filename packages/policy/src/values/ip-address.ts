/** An address or a network of the internet, of either version. Two networks are equal only when they are written alike, host bits included. */
export class IpAddress {
  readonly isV6: boolean;
  readonly bits: bigint;
  readonly prefix: number;

  constructor(isV6: boolean, bits: bigint, prefix: number) {
    this.isV6 = isV6;
    this.bits = bits;
    this.prefix = prefix;
  }

  isLoopback(): boolean {
    return this.isInRange(this.isV6 ? LOOPBACK_V6 : LOOPBACK_V4);
  }

  isMulticast(): boolean {
    return this.isInRange(this.isV6 ? MULTICAST_V6 : MULTICAST_V4);
  }

  isInRange(range: IpAddress): boolean {
    if (this.isV6 !== range.isV6 || this.prefix < range.prefix) return false;
    const hostBits = BigInt((this.isV6 ? 128 : 32) - range.prefix);
    return this.bits >> hostBits === range.bits >> hostBits;
  }
}

const LOOPBACK_V4 = new IpAddress(false, 127n << 24n, 8);
const LOOPBACK_V6 = new IpAddress(true, 1n, 128);
const MULTICAST_V4 = new IpAddress(false, 224n << 24n, 4);
const MULTICAST_V6 = new IpAddress(true, 0xff00n << 112n, 8);

/** `10.0.0.1`, `10.0.0.0/8`, `2001:db8::/32`. No leading zeros in IPv4, no IPv4 inside IPv6, no zone. Undefined when the text is not one. */
export function parseIpAddress(text: string): IpAddress | undefined {
  const slash = text.indexOf('/');
  const address = slash === -1 ? text : text.slice(0, slash);
  const isV6 = address.includes(':');
  const bits = isV6 ? bitsOfV6(address) : bitsOfV4(address);
  if (bits === undefined) return undefined;
  const widest = isV6 ? 128 : 32;
  if (slash === -1) return new IpAddress(isV6, bits, widest);
  const prefix = text.slice(slash + 1);
  if (!/^(?:0|[1-9][0-9]{0,2})$/.test(prefix) || Number(prefix) > widest) return undefined;
  return new IpAddress(isV6, bits, Number(prefix));
}

function bitsOfV4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= 255)) return undefined;
  return parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
}

function bitsOfV6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const groups = head.length + tail.length;
  if (halves.length === 2 ? groups > 7 : groups !== 8) return undefined;
  const all = [...head, ...Array.from({ length: 8 - groups }, () => '0'), ...tail];
  if (!all.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return all.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n);
}
