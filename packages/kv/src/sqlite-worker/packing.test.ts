import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { Packer, Unpacker } from './packing.ts';

const seed = Number(process.env['BIOSCOPE_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

type Packed =
  | { readonly kind: 'u8'; readonly value: number }
  | { readonly kind: 'u32'; readonly value: number }
  | { readonly kind: 'f64'; readonly value: number }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'optional'; readonly value: string | null };

const packed: fc.Arbitrary<Packed> = fc.oneof(
  fc.record({ kind: fc.constant('u8' as const), value: fc.integer({ min: 0, max: 255 }) }),
  fc.record({ kind: fc.constant('u32' as const), value: fc.integer({ min: 0, max: 2 ** 32 - 1 }) }),
  fc.record({ kind: fc.constant('f64' as const), value: fc.double({ noNaN: true }) }),
  fc.record({ kind: fc.constant('bytes' as const), value: fc.uint8Array({ maxLength: 300 }) }),
  fc.record({ kind: fc.constant('text' as const), value: fc.string({ unit: 'binary', maxLength: 100 }) }),
  fc.record({ kind: fc.constant('optional' as const), value: fc.option(fc.string({ unit: 'binary' })) }),
);

describe('packing', () => {
  it('gives back whatever was packed, in order, also when the buffer has to grow', (test) => {
    test.diagnostic(`seed ${seed}`);
    fc.assert(
      fc.property(fc.array(packed), (values) => {
        const packer = new Packer(8);
        for (const one of values) pack(packer, one);
        const unpacker = new Unpacker(packer.take());
        for (const one of values) assert.deepEqual(unpack(unpacker, one.kind), one.value);
        assert.equal(unpacker.done, true);
      }),
      { seed },
    );
  });

  it('packs times so that their bytes compare as their numbers do', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (a, b) => {
        assert.equal(Math.sign(Buffer.compare(bigEndian(a), bigEndian(b))), Math.sign(a - b));
        assert.equal(Number(bigEndian(a).readBigUInt64BE()), a);
      }),
      { seed },
    );
  });

  it('packs a nonce into its sixteen bytes', () => {
    const packer = new Packer();
    packer.hex16('00ff0123456789abcdef0123456789ab');
    assert.equal(Buffer.from(packer.take()).toString('hex'), '00ff0123456789abcdef0123456789ab');
  });

  it('starts again at zero after being taken, without touching what was taken', () => {
    const packer = new Packer(4);
    packer.text('first');
    const first = packer.take();
    packer.text('other');
    assert.equal(new Unpacker(first).text(), 'first');
    assert.equal(new Unpacker(packer.take()).text(), 'other');
  });

  it('forgets what was packed after a mark, and writes over what came before', () => {
    const packer = new Packer();
    packer.u32(0);
    const mark = packer.length;
    packer.text('a mistake');
    packer.truncate(mark);
    packer.u8(9);
    packer.patchU32(0, 7);
    const unpacker = new Unpacker(packer.take());
    assert.deepEqual([unpacker.u32(), unpacker.u8(), unpacker.done], [7, 9, true]);
  });
});

function pack(packer: Packer, one: Packed): void {
  switch (one.kind) {
    case 'u8':
      return packer.u8(one.value);
    case 'u32':
      return packer.u32(one.value);
    case 'f64':
      return packer.f64(one.value);
    case 'bytes':
      return packer.bytes(one.value);
    case 'text':
      return packer.text(one.value);
    case 'optional':
      return packer.optional(one.value, (text) => packer.text(text));
  }
}

function unpack(unpacker: Unpacker, kind: Packed['kind']): unknown {
  const readers = {
    u8: () => unpacker.u8(),
    u32: () => unpacker.u32(),
    f64: () => unpacker.f64(),
    bytes: () => unpacker.ownBytes(),
    text: () => unpacker.text(),
    optional: () => unpacker.optional(() => unpacker.text()),
  };
  return readers[kind]();
}

function bigEndian(value: number): Buffer {
  const packer = new Packer();
  packer.u64BigEndian(value);
  return Buffer.from(packer.take());
}
