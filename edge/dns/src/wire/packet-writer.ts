import { HEADER_BYTES } from './numbers.ts';

/** Writes names and numbers into one packet, names compressed (RFC 1035 4.1.4). Past the end nothing is written and `isFull` stays true. */
export type PacketWriter = {
  bytes: Uint8Array;
  /** Nothing is written from here on; at most the length of `bytes`. */
  end: number;
  at: number;
  isFull: boolean;
  /** Where names begin that later ones may point to. */
  readonly nameAt: Uint16Array;
  names: number;
};

/** More are not remembered; compression is then merely worse. */
const NAMES_MAX = 64;
/** A pointer has 14 bits. */
const POINTER_MAX = 0x3fff;

export function createPacketWriter(): PacketWriter {
  return { bytes: new Uint8Array(0), end: 0, at: 0, isFull: false, nameAt: new Uint16Array(NAMES_MAX), names: 0 };
}

/** Begins after the question, whose name (with `labels` labels at `labelAt`) is the first that can be pointed to. The packet so far is already there. */
export function startAfterQuestion(writer: PacketWriter, questionEnd: number, labels: number, labelAt: Uint8Array): void {
  writer.at = questionEnd;
  writer.isFull = false;
  writer.names = Math.min(labels, NAMES_MAX);
  for (let label = 0; label < writer.names; label += 1) writer.nameAt[label] = HEADER_BYTES + (labelAt[label] ?? 0);
}

export function write8(writer: PacketWriter, value: number): void {
  if (!fits(writer, 1)) return;
  writer.bytes[writer.at++] = value;
}

export function write16(writer: PacketWriter, value: number): void {
  if (!fits(writer, 2)) return;
  writer.bytes[writer.at++] = value >> 8;
  writer.bytes[writer.at++] = value & 0xff;
}

export function write32(writer: PacketWriter, value: number): void {
  write16(writer, value >>> 16);
  write16(writer, value & 0xffff);
}

export function writeBytes(writer: PacketWriter, bytes: Uint8Array): void {
  if (!fits(writer, bytes.length)) return;
  writer.bytes.set(bytes, writer.at);
  writer.at += bytes.length;
}

/** `mayCompress` is for owners and for the types of RFC 1035 only (RFC 3597 4). Suffixes that were written before become a pointer. */
export function writeName(writer: PacketWriter, name: Uint8Array, mayCompress: boolean): void {
  if (!mayCompress) {
    writeBytes(writer, name);
    return;
  }
  // Only names that are complete: this one's own beginning would be compared with whatever stood in the buffer before.
  const complete = writer.names;
  for (let label = 0; name[label] !== 0 && name[label] !== undefined; label += 1 + (name[label] ?? 0)) {
    const known = findKnown(writer, complete, name, label);
    if (known !== 0) {
      write16(writer, 0xc000 | known);
      return;
    }
    if (writer.names < NAMES_MAX && writer.at <= POINTER_MAX && !writer.isFull) writer.nameAt[writer.names++] = writer.at;
    writeBytes(writer, name.subarray(label, label + 1 + (name[label] ?? 0)));
  }
  write8(writer, 0);
}

function fits(writer: PacketWriter, bytes: number): boolean {
  if (writer.at + bytes > writer.end) writer.isFull = true;
  return !writer.isFull;
}

function findKnown(writer: PacketWriter, names: number, name: Uint8Array, from: number): number {
  for (let i = 0; i < names; i += 1) {
    const at = writer.nameAt[i] ?? 0;
    if (isSameName(writer.bytes, at, name, from)) return at;
  }
  return 0;
}

/** `name` is lower case; what is in the packet may be in the asker's letters, and follows pointers. */
function isSameName(packet: Uint8Array, packetAt: number, name: Uint8Array, nameFrom: number): boolean {
  let at = packetAt;
  for (let i = nameFrom; i < name.length; i += 1) {
    while ((packet[at] ?? 0) >= 0xc0) at = (((packet[at] ?? 0) & 0x3f) << 8) | (packet[at + 1] ?? 0);
    const length = name[i] ?? 0;
    if (packet[at] !== length) return false;
    for (let byte = 1; byte <= length; byte += 1) {
      const theirs = packet[at + byte] ?? 0;
      if ((theirs >= 0x41 && theirs <= 0x5a ? theirs + 0x20 : theirs) !== name[i + byte]) return false;
    }
    at += 1 + length;
    i += length;
  }
  return true;
}
