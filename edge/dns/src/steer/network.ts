import { addressText, parseAddress } from '../wire/address.ts';
import type { AddressFamily } from './port.ts';

/** A range of addresses that begin with the same bits. Bits beyond the prefix are 0. */
export type Network = { readonly family: AddressFamily; readonly address: Uint8Array; readonly prefix: number };

/** Reads `192.0.2.0/24` or `2001:db8::/32`. Undefined when it is no network, or when bits beyond the prefix are set: then one of the two numbers is a mistake. */
export function parseNetwork(text: string): Network | undefined {
  const [address = '', length = ''] = text.split('/');
  const parsed = parseAddress(address);
  if (parsed === undefined || !/^\d{1,3}$/.test(length)) return undefined;
  const prefix = Number(length);
  if (prefix > parsed.bytes.length * 8) return undefined;
  for (let bit = prefix; bit < parsed.bytes.length * 8; bit += 1) if (bitAt(parsed.bytes, bit) === 1) return undefined;
  return { family: parsed.family, address: parsed.bytes, prefix };
}

export function networkText({ address, prefix }: { address: Uint8Array; prefix: number }): string {
  return `${addressText(address)}/${prefix}`;
}

export function bitAt(address: Uint8Array, bit: number): 0 | 1 {
  return (((address[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1 ? 1 : 0;
}
