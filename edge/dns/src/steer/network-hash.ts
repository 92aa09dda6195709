import type { ClientNetwork } from './port.ts';

/** Clients that share these bits are moved together. Public resolvers send no more (Google's ECS guidelines: at most /24 and /56). */
export const TOGETHER_BITS = { 1: 24, 2: 48 } as const;

/** FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/). */
const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/** The same number for all clients of one network, at every server and after every start. */
export function hashNetwork({ family, address, sourcePrefix }: Pick<ClientNetwork, 'family' | 'address' | 'sourcePrefix'>): number {
  const bits = Math.min(sourcePrefix, TOGETHER_BITS[family]);
  let hash = Math.imul(OFFSET ^ family, PRIME);
  for (let byte = 0; byte * 8 < bits; byte += 1) {
    const left = bits - byte * 8;
    const mask = left >= 8 ? 0xff : (0xff << (8 - left)) & 0xff;
    hash = Math.imul(hash ^ ((address[byte] ?? 0) & mask), PRIME);
  }
  return hash >>> 0;
}

export function hashText(text: string): number {
  let hash = OFFSET;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), PRIME);
  return hash >>> 0;
}

/** A number from 0 to below 1 out of two hashes, even where they differ in few bits (the finaliser of MurmurHash3). */
export function unitOf(hash: number, salt: number): number {
  let mixed = hash ^ salt;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 4_294_967_296;
}
