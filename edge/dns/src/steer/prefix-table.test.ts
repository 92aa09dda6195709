import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { bitAt, parseNetwork } from './network.ts';
import type { Network } from './network.ts';
import { compilePrefixes, depthOf, valueOf } from './prefix-table.ts';
import { client } from './test/made-regions.ts';

function table(...networks: readonly string[]) {
  const compiled = compilePrefixes(networks.map((text) => parseNetwork(text) ?? assert.fail(`${text} is no network`)));
  return (text: string) => {
    const found = compiled.find(client(text));
    return [networks[valueOf(found)] ?? null, depthOf(found)];
  };
}

describe('the table of prefixes', () => {
  it('finds the longest match and says for which prefix it holds', () => {
    const find = table('10.0.0.0/8', '10.1.0.0/16', '2001:db8::/32');
    assert.deepEqual(find('10.1.2.0/24'), ['10.1.0.0/16', 16]);
    assert.deepEqual(find('10.2.0.0/24'), ['10.0.0.0/8', 15]);
    assert.deepEqual(find('11.0.0.0/24'), [null, 8]);
    assert.deepEqual(find('2001:db8:1::/48'), ['2001:db8::/32', 32]);
    assert.deepEqual(table()('192.0.2.0/24'), [null, 0]);
    assert.deepEqual(table('0.0.0.0/0')('192.0.2.0/24'), ['0.0.0.0/0', 0]);
  });

  it('lets bits that the resolver keeps to itself choose nothing, and says that more would be needed', () => {
    const find = table('10.0.0.0/8', '10.0.0.0/24');
    assert.deepEqual(find('10.0.0.0/16'), ['10.0.0.0/8', 24]);
  });

  const network = fc
    .record({ bytes: fc.array(fc.constantFrom(0, 1, 128, 255), { minLength: 4, maxLength: 4 }), prefix: fc.integer({ min: 0, max: 32 }) })
    .map(({ bytes, prefix }): Network => {
      const address = Uint8Array.from(bytes);
      for (let bit = prefix; bit < 32; bit += 1) address[bit >> 3] = (address[bit >> 3] ?? 0) & ~(128 >> (bit & 7));
      return { family: 1, address, prefix };
    });
  const covers = ({ address, prefix }: Network, other: Uint8Array, bits = prefix): boolean =>
    Array.from({ length: bits }, (_, bit) => bit).every((bit) => bitAt(address, bit) === bitAt(other, bit));

  it('agrees with a look at every network, and every address of the scope finds the same', () => {
    fc.assert(
      fc.property(
        fc.array(network, { maxLength: 12 }),
        network,
        fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 4, maxLength: 4 }),
        (networks, asked, noise) => {
          const compiled = compilePrefixes(networks);
          const found = compiled.find({ family: 1, address: asked.address, sourcePrefix: 32 });
          const longest = networks.reduce(
            (best, each, i) => (covers(each, asked.address) && each.prefix >= (networks[best]?.prefix ?? -1) ? i : best),
            -1,
          );
          assert.equal(valueOf(found), longest);
          const neighbour = Uint8Array.from(noise);
          for (let bit = 0; bit < depthOf(found); bit += 1) {
            const mask = 128 >> (bit & 7);
            neighbour[bit >> 3] = bitAt(asked.address, bit) === 1 ? (neighbour[bit >> 3] ?? 0) | mask : (neighbour[bit >> 3] ?? 0) & ~mask;
          }
          assert.equal(valueOf(compiled.find({ family: 1, address: neighbour, sourcePrefix: 32 })), longest);
        },
      ),
      { numRuns: process.env['BIOSCOPE_TEST_ALL'] === '1' ? 20_000 : 500 },
    );
  });

  it('takes a network only when its bits end with its prefix', () => {
    assert.equal(parseNetwork('10.0.0.1/24'), undefined);
    assert.equal(parseNetwork('10.0.0.0/33'), undefined);
    assert.equal(parseNetwork('10.0.0.0'), undefined);
    assert.equal(parseNetwork('gateway/8'), undefined);
  });
});
