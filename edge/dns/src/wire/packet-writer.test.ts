import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { nameToText, nameToWire } from './name.ts';
import { createPacketWriter, startAfterQuestion, write16, writeBytes, writeName } from './packet-writer.ts';
import type { PacketWriter } from './packet-writer.ts';

const HEADER_BYTES = 12;

describe('writing names', () => {
  it('is right whatever stood in the buffer before, and compresses what was there already', () => {
    const word = fc.constantFrom('a', 'b', 'test', 'org');
    const name = fc.array(word, { minLength: 1, maxLength: 5 }).map((labels) => labels.join('.'));
    fc.assert(
      fc.property(fc.array(name, { maxLength: 12 }), fc.array(name, { minLength: 1, maxLength: 12 }), (before, names) => {
        const writer = newWriter(512);
        // The same buffer again and again, as the server uses it.
        for (const each of before) writeName(writer, nameToWire(each), true);
        startAfterQuestion(writer, HEADER_BYTES, 0, new Uint8Array(1));
        const written = names.map((each) => {
          const at = writer.at;
          writeName(writer, nameToWire(each), true);
          return at;
        });
        assert.deepEqual(
          written.map((at) => readName(writer.bytes, at)),
          names,
        );
      }),
    );
  });

  it('points to the question in whatever letters it came, and never compresses when it may not', () => {
    const writer = newWriter(64);
    writer.bytes.set(Buffer.from('\x03ApP\x04TeSt\x00', 'latin1'), HEADER_BYTES);
    startAfterQuestion(writer, 26, 2, Uint8Array.of(0, 4, 9));
    writeName(writer, nameToWire('www.test'), true);
    assert.deepEqual([...writer.bytes.subarray(26, writer.at)], [3, 119, 119, 119, 0xc0, 16]);
    const at = writer.at;
    writeName(writer, nameToWire('app.test'), false);
    assert.equal(writer.at - at, 10);
  });

  it('beyond the end writes nothing, not even what would fit later', () => {
    const writer = newWriter(16);
    writeBytes(writer, Uint8Array.of(1, 2, 3));
    write16(writer, 0xffff);
    writeBytes(writer, Uint8Array.of(9));
    assert.deepEqual([writer.isFull, writer.at, [...writer.bytes.subarray(12)]], [true, 15, [1, 2, 3, 0]]);
  });
});

function newWriter(bytes: number): PacketWriter {
  const writer = createPacketWriter();
  writer.bytes = new Uint8Array(bytes);
  writer.end = bytes;
  startAfterQuestion(writer, HEADER_BYTES, 0, new Uint8Array(1));
  return writer;
}

function readName(packet: Uint8Array, from: number): string {
  const bytes: number[] = [];
  for (let at = from, hops = 0; (packet[at] ?? 0) !== 0;) {
    const length = packet[at] ?? 0;
    if (length >= 0xc0) {
      at = ((length & 0x3f) << 8) | (packet[at + 1] ?? 0);
      hops += 1;
      if (hops > 100) return 'a circle';
      continue;
    }
    bytes.push(...packet.subarray(at, at + 1 + length));
    at += 1 + length;
  }
  return nameToText(Uint8Array.from([...bytes, 0]));
}
