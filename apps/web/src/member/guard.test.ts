import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseRoute } from '../router.ts';
import { admit } from './guard.ts';
import type { Who } from './session.ts';

const profile = { id: 'p1', name: 'Ada', picture: 'fox', language: 'en', maturityMax: 18, isKids: false, hasPin: false, isOwner: true };
const account = {
  id: 'a1',
  email: 'ada@example.org',
  country: 'DE',
  language: 'en',
  isOperator: false,
  hasAccountPin: false,
  createdAtMs: 0,
  profiles: [profile],
};
const VISITOR: Who = { kind: 'visitor', expired: false };
const member = (chosen: typeof profile | null): Who => ({ kind: 'member', account, profile: chosen, deviceId: 'd1', proven: false });
const admitted = (path: string, who: Who, members: 'required' | 'none' = 'required') => admit(parseRoute(path), who, members);

describe('the page at an address', () => {
  it('is for visitors the way in', () => {
    assert.equal(admitted('/', VISITOR), 'landing');
    for (const path of ['/title/t1', '/watch/t1', '/account', '/join/plan', '/search'])
      assert.equal(admitted(path, VISITOR), 'sign_in', path);
    for (const path of ['/join', '/verify', '/reset', '/sign-in', '/nowhere']) assert.equal(admitted(path, VISITOR), 'page', path);
  });

  it('asks members first who is watching, where that matters', () => {
    for (const path of ['/', '/title/t1', '/watch/t1', '/list']) {
      assert.equal(admitted(path, member(null)), 'choose_profile', path);
      assert.equal(admitted(path, member(profile)), 'page', path);
    }
    for (const path of ['/account', '/join/plan', '/profiles', '/account/cancel']) assert.equal(admitted(path, member(null)), 'page', path);
  });

  it('sends kids who come upon settings to a grown-up’s profile', () => {
    const kid = member({ ...profile, isKids: true });
    for (const path of ['/account', '/account/cancel', '/join/plan']) assert.equal(admitted(path, kid), 'choose_profile', path);
    assert.equal(admitted('/', kid), 'page');
  });

  it('waits until it is known who is there', () => {
    assert.equal(admitted('/', { kind: 'opening' }), 'opening');
    assert.equal(admitted('/verify', { kind: 'opening' }), 'page');
  });

  it('is everybody’s in a service without accounts, and has nothing of accounts', () => {
    for (const path of ['/', '/title/t1', '/watch/t1']) assert.equal(admitted(path, { kind: 'opening' }, 'none'), 'page');
    for (const path of ['/account', '/sign-in', '/join', '/search']) assert.equal(admitted(path, { kind: 'opening' }, 'none'), 'not_found');
  });
});
