import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { compileSteering } from './compile-steering.ts';
import type { ClientMaps } from './compile-steering.ts';
import type { CountryTable } from './country-table.ts';
import { NOBODY_NEAR, parseLatencies, parseOperatorPrefixes } from './near-list.ts';
import { compilePrefixes } from './prefix-table.ts';
import type { SteeredRegion, SteeringPicture } from './steering-picture.ts';
import { client, gateway, nthNetwork, picture, region } from './test/made-regions.ts';
import { parseNetwork } from './network.ts';

const RUNS = process.env['BIOSCOPE_TEST_ALL'] === '1' ? 5_000 : 200;
const NOTHING: ClientMaps = { operator: NOBODY_NEAR, latencies: NOBODY_NEAR, countries: null };

function steer(shown: SteeringPicture, maps: Partial<ClientMaps> = {}) {
  const steering = compileSteering(shown, { ...NOTHING, ...maps });
  return {
    ...steering,
    region: (text: string) => steering.explain('app', client(text)).region,
    because: (text: string) => steering.explain('app', client(text)).because.join('\n'),
    scope: (text: string) => steering.answer('app', client(text)).scopePrefix,
    addresses: (text: string) => steering.answer('app', client(text)).records.map(({ address }) => address.join('.')),
  };
}
function countries(of: Record<string, string>): CountryTable {
  const table = compilePrefixes(Object.keys(of).map((text) => parseNetwork(text) ?? assert.fail(text)));
  return { ...table, codeOf: (value) => Object.values(of)[value] ?? '' };
}
const toA: Partial<ClientMaps> = { operator: parseOperatorPrefixes('0.0.0.0/0 a b c') };

describe('steering', () => {
  it('believes the operator first, then measurements, then the country, and else goes by shares', () => {
    const shown = picture(region('a', { country: 'DE' }), region('b', { country: 'US' }));
    const steering = steer(shown, {
      operator: parseOperatorPrefixes('10.0.0.0/8 b # the office\n\n10.9.0.0/16 a'),
      latencies: parseLatencies('10.1.0.0/16 a=1 b=2\n20.0.0.0/8 a=90 b=9.5'),
      countries: countries({ '20.0.0.0/8': 'FR', '30.0.0.0/8': 'FR', '40.0.0.0/8': 'MX', '50.0.0.0/8': 'ZZ' }),
    });
    assert.equal(steering.region('10.1.2.0/24'), 'b');
    assert.match(steering.because('10.1.2.0/24'), /operator's prefix 10\.0\.0\.0\/8 says: b/);
    assert.equal(steering.region('10.9.2.0/24'), 'a');
    assert.equal(steering.region('20.1.2.0/24'), 'b');
    assert.match(steering.because('20.1.2.0/24'), /Measured from 20\.0\.0\.0\/8: b 9\.5 ms, a 90 ms/);
    assert.equal(steering.region('30.1.2.0/24'), 'a');
    assert.match(steering.because('30.1.2.0/24'), /in FR; nearest first: a \(DE\), b \(US\)/);
    assert.equal(steering.region('40.1.2.0/24'), 'b');
    assert.match(steering.because('50.1.2.0/24'), /ZZ; where the regions are from there is not known/);
    assert.match(
      steering.because('60.1.2.0/24'),
      /table of countries does not know.*\n.*falls to . by the regions' shares \(a 50 %, b 50 %\)/,
    );
  });

  it('says for how much of the address the answer holds: as deep as it looked, and the whole network where the network itself counts', () => {
    const one = (name: string, change: Partial<SteeredRegion> = {}) => region(name, { healthy: [true], ...change });
    const near = { operator: parseOperatorPrefixes('10.0.0.0/8 a\n10.9.0.0/16 b'), countries: countries({ '20.0.0.0/8': 'FR' }) };
    const whole = steer(picture(one('a', { country: 'DE' }), one('b', { country: 'US' })), near);
    assert.equal(whole.scope('10.9.1.0/24'), 16);
    assert.equal(whole.scope('10.200.1.0/24'), 9, 'the first bit that is not 10.9’s');
    assert.equal(whole.scope('20.1.2.0/24'), 8);
    assert.equal(whole.scope('99.1.2.0/24'), 24, 'by shares, each network for itself');
    assert.equal(whole.scope('2001:db8::/56'), 48);
    assert.equal(whole.scope('0.0.0.0/0'), 0);
    const broken = steer(picture(one('a', { weight: 0.5, country: 'DE' }), one('b', { country: 'US' })), near);
    assert.equal(broken.scope('20.1.2.0/24'), 24);
  });

  it('gives one gateway of each zone, the healthy ones, each network beginning with its own', () => {
    const steering = steer(picture(region('a', { healthy: [true, false, true] }), region('b')), toA);
    assert.deepEqual(steering.addresses('192.0.2.0/24').toSorted(), ['127.1.1.1', '127.1.3.1']);
    const firsts = Array.from({ length: 64 }, (_, n) => steering.answer('app', nthNetwork(n)).records[0]?.address[2]);
    assert.deepEqual(new Set(firsts), new Set([1, 3]));
    const many = Array.from({ length: 20 }, (_, n) => gateway(`127.1.1.${n + 1}`, '1'));
    assert.equal(steer(picture(region('a', { gateways: many })), toA).addresses('192.0.2.0/24').length, 8);
  });

  it('promises equal records for equal keys, also across pictures', () => {
    const before = steer(picture(region('a'), region('b')), toA).answer('app', client('192.0.2.0/24'));
    const same = steer(picture(region('a'), region('b', { well: false })), toA).answer('app', client('192.0.2.0/24'));
    const fewer = steer(picture(region('a', { healthy: [false, true, true] }), region('b')), toA).answer('app', client('192.0.2.0/24'));
    assert.deepEqual([same.key, same.records], [before.key, before.records]);
    assert.notEqual(fewer.key, before.key);
    const sooner = compileSteering({ ...picture(region('a')), ttlSeconds: 5 }, { ...NOTHING, ...toA }).answer(
      'app',
      client('192.0.2.0/24'),
    );
    assert.notEqual(sooner.key, before.key);
  });

  it('makes no new object for a question that it has answered', () => {
    const steering = steer(picture(region('a'), region('b', { weight: 0.5 })));
    const ask = () => steering.answer('app', client('192.0.2.0/24'));
    assert.equal(ask(), ask());
  });
});

describe('weights', () => {
  const served = (shown: SteeringPicture, maps: Partial<ClientMaps>, count = 4_000): string[] => {
    const steering = steer(shown, maps);
    return Array.from({ length: count }, (_, n) => steering.explain('app', nthNetwork(n)).region);
  };
  const share = (regions: readonly string[], name: string) => regions.filter((each) => each === name).length / regions.length;

  it('of 0.9 move a tenth of the near networks, and always the same ones', () => {
    const at = (weight: number) => served(picture(region('a', { weight }), region('b'), region('c')), toA);
    assert.equal(share(at(1), 'a'), 1);
    const most = at(0.9);
    assert(Math.abs(share(most, 'a') - 0.9) < 0.02, String(share(most, 'a')));
    assert.deepEqual(at(0.9), most);
    const half = at(0.5);
    assert(Math.abs(share(half, 'a') - 0.5) < 0.03);
    assert(
      half.every((each, n) => each !== 'a' || most[n] === 'a'),
      'who stays at less stayed at more',
    );
  });

  it('share the networks that nobody knows, by capacity where all are known, and a change moves only as many as it must', () => {
    const shown = (weight: number) => picture(region('a', { capacityPerSecond: 300 }), region('b', { capacityPerSecond: 100, weight }));
    const before = served(shown(1), {});
    assert(Math.abs(share(before, 'a') - 0.75) < 0.03, String(share(before, 'a')));
    const after = served(shown(0.5), {});
    assert(Math.abs(share(after, 'a') - 300 / 350) < 0.03);
    assert(
      after.every((each, n) => each === before[n] || each === 'a'),
      'nobody moves to the one that gets less',
    );
    const unknown = served(picture(region('a', { capacityPerSecond: 300 }), region('b')), {});
    assert(Math.abs(share(unknown, 'a') - 0.5) < 0.03);
  });
});

describe('when things are ill', () => {
  it('goes on to the next nearest that is well, and says why', () => {
    const dead = picture(
      region('a', { well: false, reason: 'none of its 3 gateways reports', healthy: [false, false, false] }),
      region('b'),
    );
    assert.equal(steer(dead, toA).region('192.0.2.0/24'), 'b');
    assert.match(steer(dead, toA).because('192.0.2.0/24'), /Not a is serving but ill: none of its 3 gateways reports\./);
  });

  it('answers as if all were well when none is, but not the evacuated', () => {
    const none = [false, false, false];
    const ill = picture(region('a', { well: false, healthy: none }), region('b', { well: false, healthy: none }));
    assert.deepEqual(steer(ill, toA).addresses('192.0.2.0/24').length, 3);
    assert.match(steer(ill, toA).because('192.0.2.0/24'), /answered as if all were well/);
    const evacuated = picture(region('a', { state: 'evacuated', weight: 0, healthy: none }), region('b', { well: false, healthy: none }));
    assert.equal(steer(evacuated, toA).region('192.0.2.0/24'), 'b');
  });

  it('prefers an evacuated region that lives to nothing that lives', () => {
    const shown = picture(region('a', { state: 'evacuated', weight: 0 }), region('b', { healthy: [false, false, false] }));
    assert.equal(steer(shown, toA).region('192.0.2.0/24'), 'a');
  });

  it('has nothing to say only where no gateway was ever known', () => {
    assert.deepEqual(steer(picture()).addresses('192.0.2.0/24'), []);
    assert.match(steer(picture()).because('192.0.2.0/24'), /No gateway is known/);
  });
});

describe('whatever the picture', () => {
  const anyRegion = (name: string) =>
    fc
      .record({
        state: fc.constantFrom('serving' as const, 'evacuating' as const, 'evacuated' as const, 'restoring' as const),
        weight: fc.constantFrom(0, 0.1, 0.5, 0.9, 1),
        well: fc.boolean(),
        healthy: fc.array(fc.boolean(), { minLength: 0, maxLength: 4 }),
        country: fc.constantFrom('', 'DE', 'US', 'JP'),
        capacityPerSecond: fc.constantFrom(0, 100, 1_000),
      })
      .map((change) => region(name, { ...change, ...(change.state === 'evacuated' ? { weight: 0 } : {}) }));
  const pictures = fc.tuple(anyRegion('a'), anyRegion('b'), anyRegion('c')).map((regions) => picture(...regions));
  const asked = fc.oneof(
    fc.integer({ min: 0, max: 100_000 }).map(nthNetwork),
    fc.constantFrom('10.1.2.0/24', '10.0.0.0/7', '0.0.0.0/0', '2001:db8::/56', '20.1.1.1').map((text) => client(text)),
  );
  const maps: Partial<ClientMaps> = {
    operator: parseOperatorPrefixes('10.0.0.0/8 c nowhere a'),
    latencies: parseLatencies('20.0.0.0/8 b=3'),
    countries: countries({ '1.0.0.0/8': 'FR', '2.0.0.0/7': 'MX', '4.0.0.0/6': 'ZZ' }),
  };

  it('every client gets living addresses while anything lives, and an evacuated region only when no other has one', () => {
    fc.assert(
      fc.property(pictures, asked, (shown, network) => {
        const { answer, region: chosen } = compileSteering(shown, { ...NOTHING, ...maps }).explain('app', network);
        const gateways = shown.regions.flatMap((each) => each.gateways);
        const lives = gateways.filter(({ healthy }) => healthy);
        const textOf = ({ address }: { address: Uint8Array }): string => address.join('.');
        if (lives.length > 0) {
          assert(answer.records.length > 0);
          const living = new Set(lives.map(textOf));
          assert(answer.records.every((record) => living.has(textOf(record))));
          assert(answer.records.length <= 8);
        } else assert.equal(answer.records.length > 0, gateways.length > 0);
        const one = shown.regions.find(({ name }) => name === chosen);
        const serving = shown.regions.filter(({ weight }) => weight > 0);
        const others =
          lives.length > 0
            ? serving.filter((each) => each.gateways.some(({ healthy }) => healthy))
            : serving.filter((each) => each.gateways.length > 0);
        if (one?.weight === 0) assert.equal(others.length, 0, 'a region with weight 0 beside one that could be answered');
        const well = others.filter((each) => each.well && each.gateways.some(({ healthy }) => healthy));
        if (well.length > 0) assert.equal(one?.well, true);
      }),
      { numRuns: RUNS },
    );
  });

  it('the answer is what is explained, holds for its whole scope, and is the same when asked again', () => {
    fc.assert(
      fc.property(pictures, asked, fc.nat(), (shown, network, noise) => {
        const steering = compileSteering(shown, { ...NOTHING, ...maps });
        const answer = steering.answer('app', network);
        assert.equal(steering.explain('app', network).answer, answer);
        assert(answer.scopePrefix <= network.address.length * 8);
        if (network.sourcePrefix === 0) return assert.equal(answer.scopePrefix, 0);
        if (answer.scopePrefix > network.sourcePrefix) return;
        const neighbour = { ...network, address: network.address.slice(), sourcePrefix: network.address.length * 8 };
        for (let bit = answer.scopePrefix; bit < neighbour.sourcePrefix; bit += 1) {
          const byte = bit >> 3;
          if (((noise >> (bit % 30)) & 1) === 1) neighbour.address[byte] = (neighbour.address[byte] ?? 0) ^ (128 >> (bit & 7));
        }
        assert.equal(steering.answer('app', neighbour).key, answer.key);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('lists of networks', () => {
  it('name the first lines that are wrong', () => {
    assert.throws(
      () => parseOperatorPrefixes('10.0.0.0/8 a\n10.0.0.1/8 a\nx b\n11.0.0.0/8'),
      /^Error: line 2: "10\.0\.0\.1\/8" is not a network.*; line 3: "x".*; line 4: a network and/,
    );
    assert.throws(() => parseLatencies('10.0.0.0/8 a=fast'), /line 1: a network and milliseconds/);
  });
});
