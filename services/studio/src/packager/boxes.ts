import { PackagingFault } from './fault.ts';
import { fieldsOf, type Fields } from './fields.ts';

/** A box of ISO/IEC 14496-12 inside a buffer; `body` is where its payload starts, `end` is exclusive. */
export type Box = { readonly type: string; readonly bytes: Buffer; readonly start: number; readonly body: number; readonly end: number };

/** A moov or moof of one track has about ten children; a file made to be slow has millions. */
const CHILDREN_MAX = 1024;

/** The boxes that fill `bytes` from `start` to `end` exactly. Nothing recurses: callers descend along named paths only. */
export function boxesIn(bytes: Buffer, start = 0, end: number = bytes.length): Box[] {
  const boxes: Box[] = [];
  let at = start;
  while (at < end) {
    const box = boxAt(bytes, at, end);
    boxes.push(box);
    if (boxes.length > CHILDREN_MAX) throw new PackagingFault('PACKAGE_TOO_LARGE', `more than ${CHILDREN_MAX} boxes beside each other`);
    at = box.end;
  }
  return boxes;
}

export function childrenOf(box: Box, skipBytes = 0): Box[] {
  return boxesIn(box.bytes, box.body + skipBytes, box.end);
}

export function fieldsIn(box: Box): Fields {
  return fieldsOf(box.bytes, box.body, box.end, box.type);
}

/** Descends along a path in which every box must occur exactly once. */
export function boxAtPath(from: Box, ...path: string[]): Box {
  let box = from;
  for (const type of path) box = only(childrenOf(box), type, box.type);
  return box;
}

export function only(boxes: readonly Box[], type: string, parent: string): Box {
  const found = boxes.filter((box) => box.type === type);
  const [box] = found;
  if (box === undefined || found.length > 1)
    throw new PackagingFault('PACKAGE_UNSUPPORTED', `${parent} has ${found.length} boxes of type ${type}; exactly one is wanted`);
  return box;
}

/** The first 4 bytes of a full box: version and flags. */
export function versionAndFlags(fields: Fields): { version: number; flags: number } {
  const word = fields.u32();
  return { version: word >>> 24, flags: word & 0xff_ffff };
}

export function writeBox(type: string, ...payload: readonly Uint8Array[]): Buffer {
  const header = Buffer.alloc(8);
  const bytes = payload.reduce((sum, part) => sum + part.length, 8);
  header.writeUInt32BE(bytes, 0);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, ...payload], bytes);
}

export function words(...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => buffer.writeUInt32BE(value >>> 0, index * 4));
  return buffer;
}

/** Size and type of a box header of 8 or 16 bytes; `available` is how many bytes the enclosing file or box still has. */
export function readHeader(bytes: Buffer, at: number, available: number): { type: string; headerBytes: number; bytes: number } {
  const fields = fieldsOf(bytes, at, Math.min(bytes.length, at + available), 'header');
  const short = fields.u32();
  const type = fields.take(4).toString('latin1');
  const long = short === 1;
  const size = long ? fields.u64() : short;
  const headerBytes = long ? 16 : 8;
  if (size < headerBytes || size > available)
    throw new PackagingFault('PACKAGE_MALFORMED', `box ${JSON.stringify(type)} claims ${size} bytes where ${available} are left`);
  return { type, headerBytes, bytes: size };
}

function boxAt(bytes: Buffer, at: number, end: number): Box {
  const header = readHeader(bytes, at, end - at);
  return { type: header.type, bytes, start: at, body: at + header.headerBytes, end: at + header.bytes };
}
