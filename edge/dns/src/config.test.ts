import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readConfig } from './config.ts';

describe('settings of dns', () => {
  it('have defaults for one machine, with nobody limited who cannot come from outside', () => {
    const config = readConfig({});
    assert.deepEqual(
      [config.addresses, config.port, config.zone, config.steeredNames],
      [['127.0.0.1'], 5_300, 'bioscope.test', ['app', 'api', 'play', 'console']],
    );
    assert.deepEqual(
      [config.nameservers, config.rateLimits.perSecond, config.rateLimits.exempt.length],
      [[{ name: 'ns1', address: '127.0.0.1' }], 200, 2],
    );
    assert.notDeepEqual(config.cookieSecrets, readConfig({}).cookieSecrets);
  });

  it('are read as they are written', () => {
    const config = readConfig({
      BIOSCOPE_DNS_ADDRESSES: '127.1.0.53 ::1',
      BIOSCOPE_DNS_ZONE: 'TV.Example.org.',
      BIOSCOPE_DNS_NAMES: 'App @',
      BIOSCOPE_DNS_NAMESERVERS: 'ns1=127.1.0.53 ns2=127.2.0.53',
      BIOSCOPE_DNS_COOKIE_SECRETS: `${'0a'.repeat(16)} ${'0B'.repeat(16)}`,
      BIOSCOPE_DNS_UNLIMITED: '192.0.2.0/24',
      BIOSCOPE_REGION: 'a',
    });
    assert.deepEqual([config.zone, config.steeredNames, config.serverId], ['tv.example.org', ['app', '@'], 'a']);
    assert.deepEqual(
      config.cookieSecrets.map((secret) => secret[0]),
      [10, 11],
    );
    assert.deepEqual(config.rateLimits.exempt, [{ bytes: Uint8Array.of(192, 0, 2, 0), prefix: 24 }]);
    assert.equal(config.nameservers[1]?.address, '127.2.0.53');
  });

  it('that are wrong are all named at once', () => {
    const wrong = {
      BIOSCOPE_DNS_ADDRESSES: 'localhost',
      BIOSCOPE_DNS_PORT: '-1',
      BIOSCOPE_DNS_ZONE: 'a..b',
      BIOSCOPE_DNS_NAMES: 'a_b!',
      BIOSCOPE_DNS_NAMESERVERS: 'ns1',
      BIOSCOPE_DNS_ALPN: 'h2;',
      BIOSCOPE_DNS_CAA: 'x"y',
      BIOSCOPE_DNS_SERVER_ID: 'a b',
      BIOSCOPE_DNS_COOKIE_SECRETS: 'ab',
      BIOSCOPE_DNS_ANSWERS_PER_SECOND: 'many',
      BIOSCOPE_DNS_SLIP: '101',
      BIOSCOPE_DNS_UNLIMITED: '192.0.2.0/33',
    };
    assert.throws(
      () => readConfig(wrong),
      (error: Error) => Object.keys(wrong).every((name) => error.message.includes(name)),
    );
  });
});
