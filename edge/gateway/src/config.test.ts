import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readConfig } from './config.ts';

const BIOSCOPE_OPERATOR_TOKEN = 'a-token-of-the-operator';

describe('the gateway’s settings', () => {
  it('work on a laptop with nothing but the operator’s token', () => {
    const config = readConfig({ BIOSCOPE_OPERATOR_TOKEN });
    assert.deepEqual(
      [config.address, config.port, config.suffix, config.cdnOrigins[0]],
      ['127.0.0.1', 8080, 'localhost', 'http://127.0.0.2:8081'],
    );
  });

  it('are refused with every problem at once', () => {
    const wrong = {
      BIOSCOPE_PORT: '80800',
      BIOSCOPE_HOST: 'a host',
      BIOSCOPE_OPERATOR_TOKEN: 'short',
      BIOSCOPE_CDN_ORIGINS: 'https://cdn.example.org/path',
      BIOSCOPE_GATEWAY_APP_MAX: '0',
      BIOSCOPE_TLS: 'acme',
      BIOSCOPE_GATEWAY_PUBLIC_ADDRESS: 'gateway.example.org:80',
      BIOSCOPE_HTTPS_PORT: '99999',
    };
    assert.throws(
      () => readConfig(wrong),
      (error) => error instanceof Error && Object.keys(wrong).every((name) => error.message.includes(name)),
    );
  });

  it('say what TLS needs, and take it', () => {
    assert.throws(() => readConfig({ BIOSCOPE_OPERATOR_TOKEN, BIOSCOPE_TLS: 'files' }), /BIOSCOPE_TLS_CERT: .* BIOSCOPE_TLS_KEY: /);
    assert.throws(() => readConfig({ BIOSCOPE_OPERATOR_TOKEN, BIOSCOPE_TLS: 'local' }), /BIOSCOPE_DATA: /);
    const files = { BIOSCOPE_TLS: 'files', BIOSCOPE_TLS_CERT: '/c', BIOSCOPE_TLS_KEY: '/k', BIOSCOPE_HTTPS_PORT: '443' };
    assert.deepEqual(readConfig({ BIOSCOPE_OPERATOR_TOKEN, ...files }).secure, {
      port: 443,
      tls: { kind: 'files', certificateFile: '/c', keyFile: '/k' },
    });
    assert.equal(readConfig({ BIOSCOPE_OPERATOR_TOKEN }).secure, undefined);
  });
});
