import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { serviceUrls, withTls } from './service-urls.ts';

describe('the addresses of a service', () => {
  it('are plain on a laptop', () => {
    assert.equal(withTls({ BIOSCOPE_HOST: 'films.test' }, { isWanted: false, port: 8082 })['BIOSCOPE_TLS'], undefined);
    assert.equal(serviceUrls({}, 8080).play, 'http://play.localhost:8080');
  });

  it('are those of the doors with TLS where it is wanted, also in mails', () => {
    const environment = withTls({ BIOSCOPE_HOST: 'films.test' }, { isWanted: true, port: 8082 });
    assert.equal(environment['BIOSCOPE_TLS'], 'local');
    assert.equal(environment['BIOSCOPE_APP_URL'], 'https://app.films.test:8082');
    assert.equal(environment['BIOSCOPE_CONSOLE_URL'], 'https://console.films.test:8082');
    assert.equal(serviceUrls(environment, 8080).api, 'https://api.films.test:8082');
  });

  it('are what the operator says, with certificates from files too', () => {
    const said = { BIOSCOPE_TLS: 'files', BIOSCOPE_APP_URL: 'https://films.example' };
    const environment = withTls(said, { isWanted: false, port: 443 });
    assert.equal(environment['BIOSCOPE_TLS'], 'files');
    assert.equal(environment['BIOSCOPE_APP_URL'], 'https://films.example');
  });
});
