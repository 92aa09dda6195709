/** One segment of a track file. Bytes count from the start of the file, times from the start of the film. */
export type Segment = { readonly startMs: number; readonly endMs: number; readonly firstByte: number; readonly bytes: number };

const SIDX = 0x7369_6478;

/**
 * Reads the `sidx` box (ISO/IEC 14496-12, 8.16.3) of a track file from the file's beginning up to the end of its index. Throws a RangeError
 * when there is none, or one that refers to further indexes, which no packager of on-demand films writes.
 */
export function readSegmentIndex(head: Buffer): readonly Segment[] {
  const box = findBox(head, SIDX);
  const isLong = head.readUInt8(box.at + 8) === 1;
  const timescale = head.readUInt32BE(box.at + 16);
  const countAt = box.at + (isLong ? 38 : 30);
  const firstOffset = isLong ? Number(head.readBigUInt64BE(box.at + 28)) : head.readUInt32BE(box.at + 24);
  const beginsAt = isLong ? Number(head.readBigUInt64BE(box.at + 20)) : head.readUInt32BE(box.at + 20);
  const count = head.readUInt16BE(countAt);
  if (timescale === 0 || count === 0) throw new RangeError(`a segment index of ${count} segments at ${timescale} Hz`);
  let byte = box.end + firstOffset;
  let time = beginsAt;
  return Array.from({ length: count }, (_, index) => {
    const at = countAt + 2 + index * 12;
    const size = head.readUInt32BE(at);
    if (size >= 0x8000_0000) throw new RangeError('the segment index refers to another one');
    const duration = head.readUInt32BE(at + 4);
    const segment = { startMs: (time * 1000) / timescale, endMs: ((time + duration) * 1000) / timescale, firstByte: byte, bytes: size };
    byte += size;
    time += duration;
    return segment;
  });
}

function findBox(head: Buffer, type: number): { readonly at: number; readonly end: number } {
  for (let at = 0; at + 8 <= head.length;) {
    const size = head.readUInt32BE(at);
    if (head.readUInt32BE(at + 4) === type && at + size <= head.length) return { at, end: at + size };
    // Sizes below a box header (to the end, 64 bits) stand before no index.
    if (size < 8) break;
    at += size;
  }
  throw new RangeError('no segment index in the head of the file');
}
