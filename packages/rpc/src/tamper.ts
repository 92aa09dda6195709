import type { Injection } from './faults.ts';

/** The bytes as they arrive under `corrupt` (the middle byte is inverted) and `truncate` (the first half is left); else as they are. */
export function tamper(injection: Injection, bytes: Uint8Array): Uint8Array {
  if (injection.effect === 'truncate') return bytes.subarray(0, bytes.length >> 1);
  if (injection.effect !== 'corrupt' || bytes.length === 0) return bytes;
  const copy = Uint8Array.from(bytes);
  const middle = copy.length >> 1;
  copy[middle] = (copy[middle] ?? 0) ^ 0xff;
  return copy;
}
