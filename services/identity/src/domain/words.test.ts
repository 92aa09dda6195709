import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from 'fast-check';

import { clientAddress } from './client-address.ts';
import { isCountry } from './countries.ts';
import { normalizeEmail } from './email-address.ts';
import { readLanguage } from './language-tag.ts';
import { isAccountPin, isProfilePin, readPassword } from './password-rules.ts';
import { readName } from './profile-name.ts';
import { rateWindow } from './rate-window.ts';

describe('an e-mail address', () => {
  it('has one form however it was typed', () => {
    assert.equal(normalizeEmail(' Ada.L+tag@Example.ORG '), 'ada.l+tag@example.org');
    assert.equal(normalizeEmail('ada@b\u00fccher.example'), 'ada@xn--bcher-kva.example');
    assert.equal(normalizeEmail('\u00e9@x.org'), normalizeEmail('e\u0301@x.org'));
  });

  it('is one plain address', () => {
    for (const text of [
      '',
      'ada',
      '@x.org',
      'ada@',
      'a@b@c.org',
      'a b@c.org',
      'a,b@c.org',
      'a\n@c.org',
      '<a@c.org>',
      `${'a'.repeat(65)}@c.org`,
      `a@${'b.'.repeat(130)}org`,
    ])
      assert.equal(normalizeEmail(text), null, text);
  });

  it('stays as it is when it is normalised again', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (text) => {
        const once = normalizeEmail(text);
        if (once !== null) assert.equal(normalizeEmail(once), once);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a password', () => {
  it('may be anything of 8 to 256 characters but the address and one character repeated', () => {
    assert.ok(readPassword('pass phrase', 'a@b.org'));
    assert.ok(readPassword('\u{1f980}\u{1f981}'.repeat(4), 'a@b.org'));
    assert.equal(readPassword('1234567', 'a@b.org'), null);
    assert.equal(readPassword('aaaaaaaaaaaa', 'a@b.org'), null);
    assert.equal(readPassword('Ada@Example.org', 'ada@example.org'), null);
    assert.equal(readPassword('ab'.repeat(129), 'a@b.org'), null);
  });

  it('is four digits for a profile, four to six for the account', () => {
    assert.ok(isProfilePin('0000') && !isProfilePin('00000') && !isProfilePin('12a4') && !isProfilePin('\u0661\u0662\u0663\u0664'));
    assert.ok(isAccountPin('1234') && isAccountPin('123456') && !isAccountPin('1234567') && !isAccountPin(''));
  });
});

describe('names, languages and countries', () => {
  it('are taken as people write them, without controls', () => {
    assert.equal(readName('  \u0906\u0926\u093f\u0924\u094d\u092f '), '\u0906\u0926\u093f\u0924\u094d\u092f');
    assert.equal(readName('\u{1f469}\u200d\u{1f680} Eva'), '\u{1f469}\u200d\u{1f680} Eva');
    assert.equal(readName('a\nb'), null);
    assert.equal(readName('x'.repeat(31)), null);
    assert.equal(readLanguage('zh-hant-tw'), 'zh-Hant-TW');
    assert.equal(readLanguage('not a tag'), null);
  });

  it('know every country that the runtime has a name for, and no other code', () => {
    const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
    // Reserved or invented codes that CLDR names all the same.
    const notAssigned = new Set([
      'AC',
      'AN',
      'BU',
      'CP',
      'CQ',
      'CS',
      'CT',
      'DD',
      'DG',
      'DY',
      'EA',
      'EU',
      'EZ',
      'FQ',
      'FX',
      'HV',
      'IC',
      'JT',
      'MI',
      'NH',
      'NQ',
      'NT',
      'PC',
      'PU',
      'PZ',
      'QO',
      'RH',
      'SU',
      'TA',
      'TP',
      'UK',
      'UN',
      'VD',
      'WK',
      'XA',
      'XB',
      'XK',
      'YD',
      'YU',
      'ZR',
      'ZZ',
    ]);
    const letters = Array.from({ length: 26 }, (_, i) => String.fromCodePoint(65 + i));
    const codes = letters.flatMap((a) => letters.map((b) => a + b));
    assert.equal(codes.filter(isCountry).length, 249);
    assert.deepEqual(
      codes.filter((code) => isCountry(code) !== (names.of(code) !== undefined && !notAssigned.has(code))),
      [],
    );
  });
});

describe('a client address', () => {
  it('is the first that the gateway names; of IPv6 its network', () => {
    assert.equal(clientAddress('192.0.2.1, 10.0.0.1'), '192.0.2.1');
    assert.equal(clientAddress('2001:db8:0:1:aaaa::1'), '2001:db8:0:1::/64');
    assert.equal(clientAddress('2001:db8::1'), clientAddress('2001:0db8:0000:0000:ffff:1:2:3'));
    assert.equal(clientAddress(undefined), 'unknown');
    assert.equal(clientAddress('evil'), 'unknown');
  });
});

describe('a rate window', () => {
  it('lets through its number of tries, and more when its time is over', () => {
    const window = rateWindow({ triesMax: 2, windowMs: 100 });
    assert.deepEqual(
      ['a', 'a', 'b', 'a'].map((key) => window.take(key, 0).kind),
      ['ok', 'ok', 'ok', 'wait'],
    );
    assert.deepEqual(window.take('a', 60), { kind: 'wait', retryAfterMs: 40 });
    assert.equal(window.take('a', 100).kind, 'ok');
  });

  it('forgets tries that were given back', () => {
    const window = rateWindow({ triesMax: 1, windowMs: 100 });
    for (let i = 0; i < 5; i += 1) {
      assert.equal(window.take('a', 0).kind, 'ok');
      window.giveBack('a');
    }
  });

  it('forgets the oldest of too many keys', () => {
    const window = rateWindow({ triesMax: 1, windowMs: 100 }, 2);
    for (const key of ['a', 'b', 'c']) window.take(key, 0);
    assert.deepEqual(
      ['c', 'a'].map((key) => window.take(key, 1).kind),
      ['wait', 'ok'],
    );
  });
});
