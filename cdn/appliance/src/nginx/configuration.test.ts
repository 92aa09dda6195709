import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nginxConfiguration, type NginxSettings } from './configuration.ts';

const SETTINGS: NginxSettings = {
  folder: '/var/lib/bioscope/a1/nginx',
  filesFolder: '/var/lib/bioscope/a1/files',
  address: '127.0.0.2',
  port: 8081,
  jsModule: '/usr/lib/nginx/modules/ngx_http_js_module.so',
  workerAccount: null,
  workers: 1,
  connectionsMax: 64,
  statusSecret: 'secret',
  keysVersion: 'k1*',
};

describe('the nginx configuration', () => {
  it('listens where it is told, also on IPv6, and names an account only when given one', () => {
    assert.match(nginxConfiguration(SETTINGS), /listen 127\.0\.0\.2:8081;/);
    assert.match(nginxConfiguration({ ...SETTINGS, address: '::1' }), /listen \[::1\]:8081;/);
    assert.doesNotMatch(nginxConfiguration(SETTINGS), /^user /m);
    assert.match(nginxConfiguration({ ...SETTINGS, workerAccount: 'root' }), /^user root;$/m);
  });

  it('refuses paths that could mean something to nginx', () => {
    for (const path of ['/a"b', '/a$b', '/a\nb', '/a;b', '/a{b', "/a'b", 'relative', '']) {
      assert.throws(() => nginxConfiguration({ ...SETTINGS, filesFolder: path }), /nginx cannot be given the path/, path);
    }
    assert.match(nginxConfiguration({ ...SETTINGS, filesFolder: '/with space/files' }), /"\/with space\/files"/);
  });
});
