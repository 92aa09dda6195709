import * as fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applianceOf, swapToken } from './token-swap.ts';

describe('the token in a film’s URL', () => {
  it('is replaced by the newest one, wherever the appliance is', () => {
    assert.equal(swapToken('http://127.0.0.2:8081/t/k1.1.s.old/e1/v240.mp4', 'new'), 'http://127.0.0.2:8081/t/new/e1/v240.mp4');
    assert.equal(
      swapToken('https://edge.example/t/old/e1/text-1.vtt?CMCD=sid%3D1', 'new'),
      'https://edge.example/t/new/e1/text-1.vtt?CMCD=sid%3D1',
    );
  });

  it('is not invented in URLs of other services', () => {
    for (const url of [
      'http://play.localhost:8080/sessions/s1/manifest.mpd',
      'http://play.localhost/steering/v1/t/old/e1',
      'data:,/t/x/',
      '/t/x/e1/a.mp4',
    ])
      assert.equal(swapToken(url, 'new'), url);
  });

  it('may hold characters that mean something in a replacement text', () => {
    assert.equal(swapToken('http://a/t/old/e/f', '$&$1'), 'http://a/t/$&$1/e/f');
  });

  it('can be swapped again and again: the last one counts', () => {
    const token = fc.stringMatching(/^[A-Za-z0-9._-]{1,90}$/);
    fc.assert(
      fc.property(token, token, token, (first, second, third) => {
        const url = `http://127.0.0.3:9/t/${first}/edition/file.mp4`;
        assert.equal(swapToken(swapToken(url, second), third), `http://127.0.0.3:9/t/${third}/edition/file.mp4`);
      }),
    );
  });

  it('tells an appliance from other hosts', () => {
    assert.equal(applianceOf('http://127.0.0.2:8081/t/x/e/f'), '127.0.0.2:8081');
    assert.equal(applianceOf('http://play.localhost:8080/steering/v1/s/e'), '');
  });
});
