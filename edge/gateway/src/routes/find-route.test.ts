import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRouteFinder } from './find-route.ts';
import { ROUTES } from './route-table.ts';

const finder = createRouteFinder(ROUTES);

describe('the route table', () => {
  it('explains which route a request takes and why', () => {
    const found = finder.explain({ host: 'play', method: 'GET', path: '/sessions/one/manifest.mpd' });
    assert.deepEqual([found.kind, found.because], ['route', '/sessions/one/manifest.mpd lies below /sessions of the route "manifests"']);
    const wrong = finder.explain({ host: 'play', method: 'POST', path: '/sessions/one' });
    assert.deepEqual(
      [wrong.kind, wrong.because],
      ['method', '/sessions/one lies below /sessions of the route "manifests", which takes GET, HEAD'],
    );
    const none = finder.explain({ host: 'play', method: 'GET', path: '/sessionsone' });
    assert.deepEqual([none.kind, none.because], ['none', 'no route of "play" names or covers /sessionsone']);
  });

  it('opens no call that changes anything to the public, but those of playback and of identity’s door', () => {
    const open = ROUTES.filter(
      (route) => route.guard === 'anyone' && route.methods.some((method) => method !== 'GET' && method !== 'HEAD'),
    );
    assert.deepEqual(open.map((route) => route.id).sort(), [
      'catalog.read',
      'graph',
      'playback',
      'sandbox',
      'session.app',
      'session.console',
    ]);
  });

  it('tells the units behind operators’ routes who asks: each of them asks access', () => {
    const operated = ROUTES.filter((route) => route.guard === 'operator');
    assert.deepEqual(
      operated.filter((route) => !route.passport).map((route) => route.id),
      [],
    );
    // What these units let an operator do whom access refuses is in their test/operators.test.ts, live.test.ts and control's service.test.ts: nothing.
    assert.deepEqual([...new Set(operated.map((route) => route.unit))].sort(), [
      'billing',
      'catalog',
      'control',
      'discovery',
      'identity',
      'mail',
      'membership',
      'playback',
      'regions',
      'strings',
      'studio',
    ]);
  });

  it('leads to the operators’ figures of plays on the api host alone, with their guard', () => {
    const path = '/bioscope.playback.v1.OperatorService/GetLive';
    const found = finder.explain({ host: 'api', method: 'POST', path });
    assert.ok(found.kind === 'route');
    assert.deepEqual([found.route.id, found.route.unit, found.route.guard], ['playback.operate', 'playback', 'operator']);
    assert.equal(finder.explain({ host: 'play', method: 'POST', path }).kind, 'none');
  });

  it('is refused when two routes claim one place', () => {
    assert.throws(() => createRouteFinder([...ROUTES, ...ROUTES.slice(0, 1)]), /two routes below app\//);
    assert.throws(
      () => createRouteFinder([...ROUTES, ...ROUTES.filter((route) => route.id === 'catalog.read')]),
      /two routes for api\/bioscope\.catalog/,
    );
  });
});
