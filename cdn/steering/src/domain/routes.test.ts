import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nearnessFor, parseRoutes } from './routes.ts';

const ROUTES = parseRoutes('10.0.0.0/8=wide, 10.1.0.0/16=narrow,2001:db8::/32=six,0.0.0.0/0=anywhere');

const nearness = (client: string): Record<string, number> => {
  const of = nearnessFor(ROUTES, client);
  return Object.fromEntries(['wide', 'narrow', 'six', 'anywhere', 'unknown'].map((site) => [site, of({ site })]));
};

describe('client routes', () => {
  it('make the site with the longest prefix the nearest', () => {
    assert.deepEqual(nearness('10.1.2.3'), { wide: 8, narrow: 16, six: 0, anywhere: 0, unknown: 0 });
    assert.deepEqual(nearness('10.2.0.1'), { wide: 8, narrow: 0, six: 0, anywhere: 0, unknown: 0 });
    assert.deepEqual(nearness('2001:db8::5'), { wide: 0, narrow: 0, six: 32, anywhere: 0, unknown: 0 });
  });

  it('see an IPv4 client also through a listener for both families', () => {
    assert.deepEqual(nearness('::ffff:10.1.2.3'), nearness('10.1.2.3'));
  });

  it('leave a client without an address near nobody', () => {
    for (const client of ['', 'unknown', '10.1.2', '10.1.2.3:8080']) assert(Object.values(nearness(client)).every((bits) => bits === 0));
  });

  it('are refused together with every problem', () => {
    assert.deepEqual(parseRoutes(''), []);
    assert.throws(
      () => parseRoutes('10.0.0.0/33=a,10.0.0.0/8=ok,x=b,2001:db8::/129=c,10.0.0.0/8'),
      (error: Error) => {
        assert.equal(error.message.split(';').length, 4);
        return true;
      },
    );
  });
});
