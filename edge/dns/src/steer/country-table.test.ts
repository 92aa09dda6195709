import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'node:test';
import { open } from 'maxmind';
import type { CountryResponse } from 'maxmind';
import { addressText } from '../wire/address.ts';
import { placeOf, distanceKm } from './country-places.ts';
import { openCountryTable } from './country-table.ts';
import { hashNetwork, unitOf } from './network-hash.ts';
import { depthOf, valueOf } from './prefix-table.ts';
import { client } from './test/made-regions.ts';

const FILES = ['', '-ipv4', '-ipv6'].map((kind) =>
  fileURLToPath(import.meta.resolve(`@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country${kind}.mmdb`)),
);
const ADDRESSES = process.env['BIOSCOPE_TEST_ALL'] === '1' ? 200_000 : 5_000;

/** Addresses that a seed makes; half of the IPv6 ones in the space that is given out. */
function* addresses(): Generator<{ family: 1 | 2; address: Uint8Array }> {
  for (let n = 0; n < ADDRESSES; n += 1) {
    const address = Uint8Array.from({ length: n % 2 === 0 ? 4 : 16 }, (_, i) => Math.floor(unitOf(n, i) * 256));
    if (address.length === 16 && n % 4 === 1) address.set([0x2a, (address[1] ?? 0) & 15], 0);
    yield { family: address.length === 4 ? 1 : 2, address };
  }
}

describe('the table of countries', () => {
  it('finds what the library finds, at the same depth, in tables of both families', async () => {
    for (const file of FILES) {
      const table = await openCountryTable(file);
      const reader = await open<CountryResponse>(file);
      let known = 0;
      for (const { family, address } of addresses()) {
        if (family === 2 && file.includes('-ipv4')) continue;
        const found = table.find({ family, address, sourcePrefix: address.length * 8 });
        const [row, depth] = reader.getWithPrefixLength(addressText(address));
        const code = (row as { country_code?: string } | null)?.country_code ?? '';
        assert.deepEqual([valueOf(found) < 0 ? '' : table.codeOf(valueOf(found)), depthOf(found)], [code, depth], addressText(address));
        if (code !== '') known += 1;
      }
      assert(known > 100, `only ${known} addresses were known`);
    }
  });

  it('knows the place of every country that it names', async () => {
    const table = await openCountryTable(FILES[0] ?? '');
    for (const { family, address } of addresses()) table.find({ family, address, sourcePrefix: 128 });
    const codes: string[] = [];
    while (table.codeOf(codes.length) !== '') codes.push(table.codeOf(codes.length));
    assert(codes.length > 50);
    assert.deepEqual(
      codes.filter((code) => placeOf(code) === undefined),
      [],
    );
  });
});

describe('places', () => {
  it('are as far from each other as on a globe', () => {
    const between = (one: string, other: string) => distanceKm(placeOf(one) ?? assert.fail(one), placeOf(other) ?? assert.fail(other));
    assert(Math.abs(between('DE', 'FR') - 750) < 150);
    assert(Math.abs(between('US', 'JP') - 10_200) < 500);
    assert(between('NZ', 'AU') < between('NZ', 'CL'));
    assert(between('FJ', 'WS') < 2_000, 'also over the date line');
    assert.equal(between('BR', 'BR'), 0);
  });
});

describe('the hash of a network', () => {
  it('is the same for all who are moved together, and spreads evenly', () => {
    assert.equal(hashNetwork(client('192.0.2.7/32')), hashNetwork(client('192.0.2.0/24')));
    assert.notEqual(hashNetwork(client('192.0.2.0/24')), hashNetwork(client('192.0.3.0/24')));
    assert.equal(hashNetwork(client('2001:db8:1:2::/64')), hashNetwork(client('2001:db8:1::/48')));
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let n = 0; n < 65_536; n += 1) {
      const tenth = Math.floor(unitOf(hashNetwork(client(`10.${n >> 8}.${n & 255}.0/24`)), 7) * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    for (const count of tenths) assert(Math.abs(count - 6_554) < 400, String(tenths));
  });
});
