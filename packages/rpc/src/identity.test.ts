import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createIdentity } from './identity.ts';
import type { Identity } from './identity.ts';
import { issueKeys, keysFromBundle, keysFromSecret } from './keys.ts';

const SECRET = '5a'.repeat(32);

function identityOf(units: string[], nowMs: () => number = () => 1_800_000_000_000): Identity {
  return createIdentity({ keys: keysFromSecret(SECRET, units), nowMs });
}

function credential(identity: Identity, caller: string, audience: string): string {
  const minted = identity.credential(caller, audience);
  assert(minted !== undefined);
  return minted;
}

describe('caller identity', () => {
  it('proves a caller to the unit it speaks to, however often it is asked', () => {
    const sent = credential(identityOf(['web']), 'web', 'catalog');
    const catalog = identityOf(['catalog']);
    for (let n = 0; n < 3; n += 1) assert.deepEqual(catalog.verify(sent, 'catalog'), { kind: 'proven', caller: 'web' });
  });

  it('mints one credential for many calls, and a new one at half its life', () => {
    let nowMs = 1_800_000_000_000;
    const web = identityOf(['web'], () => nowMs);
    const first = web.credential('web', 'catalog');
    nowMs += 149_000;
    assert.equal(web.credential('web', 'catalog'), first);
    nowMs += 2_000;
    assert.notEqual(web.credential('web', 'catalog'), first);
  });

  it('refuses a credential that is missing, malformed, altered, expired, from the future, or for another unit', () => {
    let nowMs = 1_800_000_000_000;
    const sent = credential(identityOf(['web']), 'web', 'catalog');
    const [caller = '', audience = '', expiry = '', mac = ''] = sent.split('.');
    const catalog = identityOf(['catalog', 'studio'], () => nowMs);
    const refused = (text: string | undefined, to = 'catalog'): string => {
      const verdict = catalog.verify(text, to);
      assert.equal(verdict.kind, 'refused', String(text));
      return verdict.kind === 'refused' ? verdict.because : '';
    };
    assert.match(refused(undefined), /no credential/);
    for (const text of [
      '',
      'x',
      `${caller}.${audience}.${expiry}`,
      `${sent}x`,
      `${caller}.${audience}.1.${mac}`,
      `WEB.${audience}.${expiry}.${mac}`,
    ]) {
      assert.match(refused(text), /malformed/);
    }
    const flipped = `${mac.startsWith('A') ? 'B' : 'A'}${mac.slice(1)}`;
    assert.match(refused([caller, audience, expiry, flipped].join('.')), /not genuine/);
    assert.match(refused(['admin', audience, expiry, mac].join('.')), /not genuine/);
    assert.match(refused([caller, audience, String(Number(expiry) + 1), mac].join('.')), /not genuine/);
    assert.match(refused(sent, 'studio'), /another unit/);

    // Also once it has been accepted and is remembered.
    assert.equal(catalog.verify(sent, 'catalog').kind, 'proven');
    assert.match(refused(sent, 'studio'), /another unit/);
    nowMs += 329_000;
    assert.equal(catalog.verify(sent, 'catalog').kind, 'proven', 'within the allowed skew');
    nowMs += 2_000;
    assert.match(refused(sent), /expired/);
    assert.match(refused(sent), /expired/, 'also when it is seen for the first time');
    nowMs = 1_800_000_000_000 - 61_000;
    assert.match(refused(sent), /too long/);
  });

  it('does not let a unit pose as another towards a third', () => {
    const bundle = issueKeys(SECRET, ['web'], ['web', 'catalog', 'studio']);
    const web = createIdentity({ keys: keysFromBundle(bundle), nowMs: () => 1_800_000_000_000 });
    assert.equal(web.credential('studio', 'catalog'), undefined);
    assert.deepEqual(identityOf(['catalog']).verify(web.credential('web', 'catalog'), 'catalog'), { kind: 'proven', caller: 'web' });
    assert.equal(identityOf(['web']).credential('studio', 'catalog'), undefined);
    assert.deepEqual(
      Object.keys(bundle).filter((pair) => !pair.includes('web')),
      [],
    );
  });

  it('does not know the credentials of another deployment', () => {
    const other = createIdentity({ keys: keysFromSecret('a5'.repeat(32), ['web']), nowMs: () => 1_800_000_000_000 });
    assert.equal(identityOf(['catalog']).verify(other.credential('web', 'catalog'), 'catalog').kind, 'refused');
  });

  it('says what a secret must look like', () => {
    assert.throws(() => keysFromSecret('secret', ['web']), /64 hexadecimal digits/);
  });
});
