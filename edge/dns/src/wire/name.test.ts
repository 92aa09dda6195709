import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { addressText, parseAddress } from './address.ts';
import { createNameTable } from './name-table.ts';
import { isWithin, nameToText, nameToWire } from './name.ts';

const label = fc.uint8Array({ minLength: 1, maxLength: 12 });
const wireName = fc
  .array(label, { maxLength: 8 })
  .map((labels) => Uint8Array.from([...labels.flatMap((each) => [each.length, ...each]), 0]));

describe('names', () => {
  it('are read as they are written, odd bytes included, in small letters', () => {
    assert.equal(Buffer.from(nameToWire('App.Example.ORG')).toString('latin1'), '\x03app\x07example\x03org\x00');
    assert.deepEqual([...nameToWire(String.raw`a\.b\032c`)], [5, 97, 46, 98, 32, 99, 0]);
    fc.assert(
      fc.property(wireName, (wire) => {
        const small = wire.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte));
        assert.deepEqual(nameToWire(nameToText(wire)), small);
      }),
    );
  });

  it('that cannot be are refused: empty labels, long labels, long names, letters beyond ASCII', () => {
    for (const name of [
      'a..b',
      '.a',
      `${'a'.repeat(64)}.b`,
      Array.from({ length: 130 }, () => 'a').join('.'),
      'zürich.example',
      String.raw`a\999`,
    ])
      assert.throws(() => nameToWire(name), name);
  });

  it('are within themselves and their parents, by whole labels', () => {
    const within = (child: string, parent: string): boolean => isWithin(nameToWire(child), nameToWire(parent));
    assert.deepEqual(
      [within('a.b', 'b'), within('b', 'b'), within('b', '.'), within('ab', 'b'), within('b', 'a.b'), within('a.b', 'a')],
      [true, true, true, false, false, false],
    );
  });

  it('are found in a table by their bytes, and no others', () => {
    fc.assert(
      fc.property(fc.uniqueArray(wireName, { maxLength: 60, selector: String }), wireName, (names, other) => {
        const table = createNameTable<number>();
        for (const [i, name] of names.entries()) table.set(name, i);
        const packet = Uint8Array.from([9, 9, ...other, 9]);
        for (const [i, name] of names.entries()) assert.equal(table.find(name, 0, name.length), i);
        const at = names.findIndex((name) => String(name) === String(other));
        assert.equal(table.find(packet, 2, 2 + other.length), at < 0 ? undefined : at);
        assert.equal(table.values().length, names.length);
      }),
    );
  });
});

describe('addresses', () => {
  it('are read and written in both families; mapped IPv4 is IPv4', () => {
    for (const text of ['192.0.2.1', '0.0.0.0', '2001:db8::1', '::', '::1', 'fe80::1:2:3:4'])
      assert.equal(addressText(parseAddress(text)?.bytes ?? new Uint8Array(4)), text);
    assert.deepEqual(parseAddress('::ffff:192.0.2.1'), { family: 1, bytes: Uint8Array.of(192, 0, 2, 1) });
    assert.equal(addressText(parseAddress('64:ff9b::192.0.2.33')?.bytes ?? new Uint8Array(4)), '64:ff9b::c000:221');
    assert.equal(addressText(parseAddress('fe80::1%eth0')?.bytes ?? new Uint8Array(4)), 'fe80::1');
    for (const text of ['', '192.0.2', '192.0.2.256', '2001:db8', 'example.org', ':::']) assert.equal(parseAddress(text), undefined);
  });
});
