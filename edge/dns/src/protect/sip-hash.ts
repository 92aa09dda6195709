/** SipHash-2-4 (Aumasson, Bernstein 2012) in halves of 32 bits, since 64-bit integers would be garbage. The result is two halves, low first, little-endian. */
export type SipHash = (message: Uint8Array, bytes: number, out: Uint32Array) => void;

/** The key has 16 bytes. */
export function createSipHash(key: Uint8Array): SipHash {
  if (key.length !== 16) throw new Error('the key of SipHash has 16 bytes');
  const k0l = u32(key, 0);
  const k0h = u32(key, 4);
  const k1l = u32(key, 8);
  const k1h = u32(key, 12);
  // Four words of state as low and high halves: v0 = [0] and [1], and so on.
  const v = new Int32Array(8);
  return (message, bytes, out) => {
    v[0] = k0l ^ 0x70736575;
    v[1] = k0h ^ 0x736f6d65;
    v[2] = k1l ^ 0x6e646f6d;
    v[3] = k1h ^ 0x646f7261;
    v[4] = k0l ^ 0x6e657261;
    v[5] = k0h ^ 0x6c796765;
    v[6] = k1l ^ 0x79746573;
    v[7] = k1h ^ 0x74656462;
    const whole = bytes - (bytes % 8);
    for (let at = 0; at < whole; at += 8) absorb(v, u32(message, at), u32(message, at + 4));
    let low = 0;
    let high = bytes << 24;
    for (let i = whole; i < bytes; i += 1) {
      const shift = (i - whole) * 8;
      if (shift < 32) low |= (message[i] ?? 0) << shift;
      else high |= (message[i] ?? 0) << (shift - 32);
    }
    absorb(v, low, high);
    v[4] = at(v, 4) ^ 0xff;
    for (let round = 0; round < 4; round += 1) mix(v);
    out[0] = at(v, 0) ^ at(v, 2) ^ at(v, 4) ^ at(v, 6);
    out[1] = at(v, 1) ^ at(v, 3) ^ at(v, 5) ^ at(v, 7);
  };
}

function absorb(v: Int32Array, low: number, high: number): void {
  v[6] = at(v, 6) ^ low;
  v[7] = at(v, 7) ^ high;
  mix(v);
  mix(v);
  v[0] = at(v, 0) ^ low;
  v[1] = at(v, 1) ^ high;
}

function mix(v: Int32Array): void {
  add(v, 0, 2);
  rotateAndXor(v, 2, 13, 0);
  swapHalves(v, 0);
  add(v, 4, 6);
  rotateAndXor(v, 6, 16, 4);
  add(v, 0, 6);
  rotateAndXor(v, 6, 21, 0);
  add(v, 4, 2);
  rotateAndXor(v, 2, 17, 4);
  swapHalves(v, 4);
}

function add(v: Int32Array, to: number, from: number): void {
  const low = (at(v, to) >>> 0) + (at(v, from) >>> 0);
  v[to + 1] = at(v, to + 1) + at(v, from + 1) + (low > 0xffffffff ? 1 : 0);
  v[to] = low;
}

/** All distances are below 32. */
function rotateAndXor(v: Int32Array, word: number, bits: number, by: number): void {
  const low = at(v, word);
  const high = at(v, word + 1);
  v[word] = ((low << bits) | (high >>> (32 - bits))) ^ at(v, by);
  v[word + 1] = ((high << bits) | (low >>> (32 - bits))) ^ at(v, by + 1);
}

function swapHalves(v: Int32Array, word: number): void {
  const low = at(v, word);
  v[word] = at(v, word + 1);
  v[word + 1] = low;
}

function at(v: Int32Array, i: number): number {
  return v[i] ?? 0;
}

function u32(bytes: Uint8Array, from: number): number {
  return (bytes[from] ?? 0) | ((bytes[from + 1] ?? 0) << 8) | ((bytes[from + 2] ?? 0) << 16) | ((bytes[from + 3] ?? 0) << 24);
}
