import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { compileSteering } from './compile-steering.ts';
import type { ClientMaps } from './compile-steering.ts';
import { openCountryTable } from './country-table.ts';
import type { CountryTable } from './country-table.ts';
import { exportGdnsd } from './export-gdnsd.ts';
import type { GdnsdFiles } from './export-gdnsd.ts';
import { parseLatencies, parseOperatorPrefixes } from './near-list.ts';
import { parseNetwork } from './network.ts';
import { compilePrefixes, valueOf } from './prefix-table.ts';
import { sweepTable } from './sweep-table.ts';
import { client, gateway, picture, region } from './test/made-regions.ts';

const GDNSD = { server: 'gdnsd', mapTest: 'gdnsd_geoip_test' };
const ENVIRONMENT = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` };
const absent = spawnSync(GDNSD.server, ['-h'], { env: ENVIRONMENT }).error !== undefined && 'gdnsd is not installed';

const SHOWN = picture(
  region('a', { country: 'DE', healthy: [true, false, true] }),
  region('b', { country: 'US', weight: 0, state: 'evacuated' }),
  region('c', { country: 'JP', gateways: [gateway('127.3.1.1', '1'), gateway('2001:db8:3::1', '2')] }),
);
const MAPS: ClientMaps = {
  operator: parseOperatorPrefixes('127.103.0.0/16 c\n127.101.0.0/16 a c'),
  latencies: parseLatencies('127.103.7.0/24 a=1 c=2\n127.105.0.0/16 c=4 a=9'),
  countries: null,
};

function exported(maps: ClientMaps = MAPS, folder = '/var/lib/none', shown = SHOWN): GdnsdFiles {
  return exportGdnsd(shown, maps, {
    zone: 'bioscope.test',
    steeredNames: ['app', 'api'],
    nameservers: [
      { name: 'ns1', address: '127.1.0.53' },
      { name: 'ns2', address: '2001:db8::53' },
    ],
    listen: ['127.0.0.1:0'],
    runFolder: join(folder, 'run'),
    stateFolder: join(folder, 'state'),
    healthFile: join(folder, 'state', 'health'),
  });
}

async function write(test: TestContext, make: (folder: string) => GdnsdFiles): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bioscope-gdnsd-'));
  test.after(() => rm(folder, { recursive: true, force: true }));
  const { config, adminState, health } = make(folder);
  const files = {
    ...Object.fromEntries(Object.entries(config).map(([path, text]) => [join('etc', path), text])),
    'state/admin_state': adminState,
    'state/health': health,
    'run/.keep': '',
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

describe('the export for gdnsd', () => {
  it('says which regions are down, which gateways are well, and leaves out what the operator’s word covers', () => {
    const { config, adminState, health } = exported();
    assert.equal(adminState, 'geoip/gateways/b => DOWN\n');
    assert.match(health, /^127\.1\.1\.1 => UP\n127\.1\.2\.1 => DOWN\n/);
    assert.equal(config['geoip/nets'], '127.103.0.0/16 => [ c, a, b ]\n127.101.0.0/16 => [ a, c, b ]\n127.105.0.0/16 => [ c, a, b ]\n');
    assert.match(config['zones/bioscope.test'] ?? '', /\napp 30\/30 DYNA geoip!gateways\n/);
  });

  it('names no region when all are down, so that gdnsd answers as if all were well', () => {
    const down = picture(region('a', { well: false }), region('b', { weight: 0 }));
    assert.equal(exported(MAPS, '/none', down).adminState, '');
    assert.throws(() => exported(MAPS, '/none', picture()), /at least one region with a gateway/);
  });

  it('is taken by gdnsd', { skip: absent }, async (test) => {
    const folder = await write(test, (path) => exported(MAPS, path));
    const checked = spawnSync(GDNSD.server, ['-S', '-c', join(folder, 'etc'), 'checkconf'], { encoding: 'utf8', env: ENVIRONMENT });
    assert.equal(checked.status, 0, checked.stderr);
    assert.doesNotMatch(checked.stderr, /warning|error/i);
  });

  it(
    'orders regions in gdnsd as they are ordered here, also by the table of countries',
    { skip: absent, timeout: 60_000 },
    async (test) => {
      const maps = { ...MAPS, countries: await someCountries() };
      const folder = await write(test, (path) => exported(maps, path));
      const asked = [
        '127.103.7.9',
        '127.101.1.1',
        '127.105.1.1',
        '8.8.8.8',
        '193.0.6.139',
        '133.11.0.1',
        '200.160.2.3',
        '41.0.0.1',
        '1.1.1.1',
      ];
      const input = asked.map((address) => `clients ${address}\n`).join('');
      const output = execFileSync(GDNSD.mapTest, ['-c', join(folder, 'etc')], {
        input,
        encoding: 'utf8',
        env: ENVIRONMENT,
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      const theirs = Array.from(output.matchAll(/=> (?:\[)?([a-c](?:, ?[a-c])*)/g), ([, list = '']) =>
        list.split(/, ?/).find((name) => name !== 'b'),
      );
      const steering = compileSteering(SHOWN, maps);
      assert.deepEqual(
        theirs,
        asked.map((address) => steering.explain('app', client(address)).region),
      );
      assert.equal(new Set(theirs).size, 2);
    },
  );
});

/** The whole table has half a million networks: seconds for gdnsd to read. */
async function someCountries(): Promise<CountryTable> {
  if (process.env['BIOSCOPE_TEST_ALL'] === '1')
    return openCountryTable(
      fileURLToPath(import.meta.resolve('@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country-ipv4.mmdb')),
    );
  const codes = {
    '8.0.0.0/8': 'US',
    '193.0.0.0/8': 'NL',
    '133.0.0.0/8': 'JP',
    '200.0.0.0/8': 'BR',
    '41.0.0.0/8': 'DZ',
    '1.1.1.0/24': 'AU',
  };
  const networks = Object.keys(codes).map((text) => parseNetwork(text) ?? assert.fail(text));
  return { ...compilePrefixes(networks), codeOf: (value) => Object.values(codes)[value] ?? '' };
}

describe('sweeping a table', () => {
  it('covers every address once, with the label that a look-up gives, joined as far as it goes', () => {
    const texts = ['10.0.0.0/9', '10.128.0.0/9', '10.5.0.0/16', '192.0.2.0/24'];
    const table = compilePrefixes(texts.map((text) => parseNetwork(text) ?? assert.fail(text)));
    const labels = ['x', 'x', 'y', 'z'];
    const swept = sweepTable(table, 1, (value) => labels[value] ?? '');
    const total = swept.reduce((sum, { network }) => sum + 2 ** (32 - network.prefix), 0);
    assert.equal(total, 2 ** 32);
    for (const { network, label } of swept) assert.equal(labels[valueOf(table.find({ ...network, sourcePrefix: 32 }))] ?? '', label);
    const all = sweepTable(compilePrefixes([]), 2, (value) => value);
    assert.deepEqual(
      all.map(({ network }) => network.prefix),
      [0],
    );
    const same = sweepTable(table, 1, () => 'same');
    assert.deepEqual(
      same.map(({ network }) => network.prefix),
      [0],
      'all halves were joined',
    );
  });
});
