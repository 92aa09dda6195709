import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nameToText, nameToWire } from '../wire/name.ts';
import { TYPE } from '../wire/numbers.ts';
import { ownZoneFile } from './own-zone.ts';
import { whereIs } from './where-is.ts';
import { buildZone } from './zone.ts';
import type { Zone } from './zone.ts';
import { parseZoneFile } from './zone-file.ts';

const HEAD = '$TTL 60\n@ SOA ns1 host 1 2 3 4 5\n@ NS ns1\nns1 A 192.0.2.1\n';
const zoneOf = (text: string, steered: string[] = []): Zone => buildZone('example.org', parseZoneFile(HEAD + text, 'example.org'), steered);
const dataOf = (zone: Zone, name: string, type: number): string[] =>
  (whereIs(zone, nameToWire(name, zone.origin)).node?.sets.get(type)?.data ?? []).map((data) =>
    Buffer.concat([data.before, ...data.names, data.after]).toString('hex'),
  );

describe('a zone file', () => {
  it('may leave out owners, TTLs and classes, and write TTLs with units, in either order', () => {
    const records = parseZoneFile(
      '$TTL 1h\na 5m IN A 192.0.2.1\n  IN 90 TXT x\n  AAAA ::1\n$ORIGIN sub.example.org.\nb A 192.0.2.2\n@ TXT y',
      'example.org',
    );
    assert.deepEqual(
      records.map(({ owner, type, ttlSeconds }) => [nameToText(owner), type, ttlSeconds]),
      [
        ['a.example.org', TYPE.A, 300],
        ['a.example.org', TYPE.TXT, 90],
        ['a.example.org', TYPE.AAAA, 3_600],
        ['b.sub.example.org', TYPE.A, 3_600],
        ['sub.example.org', TYPE.TXT, 3_600],
      ],
    );
  });

  it('keeps semicolons, parentheses, quotes and odd bytes of texts', () => {
    const zone = zoneOf(String.raw`t TXT "a;b (c) \"d\" \200" plain\;too ; a comment`);
    assert.deepEqual(dataOf(zone, 't', TYPE.TXT), [
      `0d${Buffer.from('a;b (c) "d" ').toString('hex')}c8${Buffer.from('\x09plain;too').toString('hex')}`,
    ]);
  });

  it('names every line that is wrong', () => {
    const text = [
      'a A 192.0.2.256',
      'b AAAA 192.0.2.1',
      'c NOSUCH 1',
      'd MX 70000 x',
      'e TXT',
      'f CAA 0 issue',
      'g HTTPS 1 . port=x',
      'h TYPE7 \\# 2 AA',
      'i SVCB 1 . mandatory=port',
      'j HTTPS 0 . port=1',
      'k TXT "open',
      `${'l'.repeat(64)} A 192.0.2.1`,
      'm..n A 192.0.2.1',
      '$INCLUDE other',
    ];
    assert.throws(
      () => parseZoneFile(`$TTL 60\n${text.join('\n')}`, 'example.org'),
      (error: Error) => text.every((_, i) => error.message.includes(`line ${i + 2}:`)),
    );
    assert.throws(() => parseZoneFile('a A 192.0.2.1', 'example.org'), /line 1: no TTL/);
    assert.throws(() => parseZoneFile('$TTL 1\na TXT ( x', 'example.org'), /never closed/);
    assert.throws(() => parseZoneFile('$TTL 1\na TXT x )', 'example.org'), /was not opened/);
  });
});

describe('a zone', () => {
  it('is refused whole when something in it cannot be', () => {
    assert.throws(() => buildZone('example.org', parseZoneFile('$TTL 1\n@ NS a', 'example.org'), []), /one SOA is needed/);
    assert.throws(() => buildZone('example.org', parseZoneFile('$TTL 1\n@ SOA a b 1 2 3 4 5', 'example.org'), []), /NS is needed/);
    assert.throws(() => zoneOf('x.example.com. A 192.0.2.1'), /x\.example\.com is not below/);
    assert.throws(() => zoneOf('a CNAME b\na TXT x'), /CNAME stands alone/);
    assert.throws(() => zoneOf('a CNAME b\na CNAME c'), /CNAME stands alone/);
    assert.throws(() => zoneOf('a 5 A 192.0.2.1\na 6 A 192.0.2.2'), /one TTL/);
    assert.throws(() => zoneOf('app A 192.0.2.1', ['app']), /app\.example\.org is steered/);
    assert.throws(() => zoneOf('app CNAME x', ['app']), /CNAME stands alone/);
  });

  it('holds a record once, however often it is written', () => {
    assert.deepEqual(dataOf(zoneOf('a A 192.0.2.7\nA.EXAMPLE.ORG. A 192.0.2.7'), 'a', TYPE.A), ['c0000207']);
  });

  it('knows names, empty ones between, cuts, wildcards, and what is not its own', () => {
    const zone = zoneOf('a.b A 192.0.2.1\n*.w A 192.0.2.2\nsub NS ns.sub\nns.sub A 192.0.2.3', ['app']);
    const via = (name: string): string => whereIs(zone, nameToWire(name, zone.origin)).via;
    assert.deepEqual(['@', 'b', 'a.b', 'app', 'x.w', 'y.x.w', 'x.b', 'none', 'sub', 'x.ns.sub', 'example.com.'].map(via), [
      'name',
      'name',
      'name',
      'name',
      'wildcard',
      'wildcard',
      'nothing',
      'nothing',
      'cut',
      'cut',
      'outside',
    ]);
    assert.equal(zone.negativeTtlSeconds, 5);
  });

  it('of our own is a right one: servers of both families, certificates, HTTPS for what is steered', () => {
    const own = {
      zone: 'example.org',
      steeredNames: ['app'],
      nameservers: [
        { name: 'ns1', address: '192.0.2.1' },
        { name: 'ns2', address: '2001:db8::2' },
      ],
      alpn: 'h2,http/1.1',
      caa: 'letsencrypt.org',
    };
    const zone = buildZone(own.zone, parseZoneFile(ownZoneFile(own), own.zone), own.steeredNames);
    assert.equal(zone.apex.sets.get(TYPE.NS)?.data.length, 2);
    assert.equal(dataOf(zone, 'ns2', TYPE.AAAA)[0], '20010db8000000000000000000000002');
    assert.deepEqual([dataOf(zone, '@', TYPE.CAA).length, dataOf(zone, 'app', TYPE.HTTPS).length, zone.negativeTtlSeconds], [1, 1, 30]);
    assert.throws(() => buildZone('example.org', parseZoneFile(ownZoneFile({ ...own, nameservers: [] }), 'example.org'), []));
  });
});
