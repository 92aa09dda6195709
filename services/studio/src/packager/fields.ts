import { PackagingFault } from './fault.ts';

/** Reads big-endian fields one after another and never leaves the given range. */
export type Fields = {
  readonly left: () => number;
  skip(bytes: number): void;
  u8(): number;
  u16(): number;
  u32(): number;
  i32(): number;
  /** Refused beyond 2^53 - 1. */
  u64(): number;
  take(bytes: number): Buffer;
};

/** `what` names the box in the fault thrown when a field lies beyond `end`. */
export function fieldsOf(bytes: Buffer, start: number, end: number, what: string): Fields {
  let at = start;
  const advance = (count: number): number => {
    if (count < 0 || at + count > end) throw new PackagingFault('PACKAGE_MALFORMED', `box ${what} ends in the middle of a field`);
    at += count;
    return at - count;
  };
  return {
    left: () => end - at,
    skip: (count) => void advance(count),
    u8: () => bytes.readUInt8(advance(1)),
    u16: () => bytes.readUInt16BE(advance(2)),
    u32: () => bytes.readUInt32BE(advance(4)),
    i32: () => bytes.readInt32BE(advance(4)),
    u64() {
      const value = bytes.readBigUInt64BE(advance(8));
      if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new PackagingFault('PACKAGE_MALFORMED', `box ${what} holds the number ${value}`);
      return Number(value);
    },
    take: (count) => bytes.subarray(advance(count), at),
  };
}
