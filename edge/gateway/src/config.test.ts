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
    };
    assert.throws(
      () => readConfig(wrong),
      (error) => error instanceof Error && Object.keys(wrong).every((name) => error.message.includes(name)),
    );
  });
});
