import { parseAddress } from '../../wire/address.ts';
import type { ClientNetwork } from '../port.ts';
import type { SteeredGateway, SteeredRegion, SteeringPicture } from '../steering-picture.ts';

/** A region of three zones with one gateway each; `number` makes its addresses. */
export function region(name: string, change: Partial<SteeredRegion> & { healthy?: readonly boolean[] } = {}): SteeredRegion {
  const { healthy = [true, true, true], ...rest } = change;
  const number = name.charCodeAt(0) - 96;
  const gateways = healthy.map((each, zone) => gateway(`127.${number}.${zone + 1}.1`, String(zone + 1), each));
  return { name, country: '', state: 'serving', weight: 1, well: true, reason: '', capacityPerSecond: 0, gateways, ...rest };
}

export function gateway(text: string, zone: string, healthy = true): SteeredGateway {
  const parsed = parseAddress(text);
  if (parsed === undefined) throw new Error(`${text} is no address`);
  return { family: parsed.family, address: parsed.bytes, text, zone, healthy };
}

export function picture(...regions: readonly SteeredRegion[]): SteeringPicture {
  return { regions, ttlSeconds: 30 };
}

/** `192.0.2.0/24`, or an address with all its bits. */
export function client(text: string, from: ClientNetwork['from'] = 'ecs'): ClientNetwork {
  const [address = '', prefix] = text.split('/');
  const parsed = parseAddress(address);
  if (parsed === undefined) throw new Error(`${text} is no network`);
  return { family: parsed.family, address: parsed.bytes, sourcePrefix: Number(prefix ?? parsed.bytes.length * 8), from };
}

/** The n-th /24 of some that spread over the address space. */
export function nthNetwork(n: number): ClientNetwork {
  return client(`${1 + (n % 200)}.${(n >> 3) & 255}.${(n * 7) & 255}.0/24`);
}
