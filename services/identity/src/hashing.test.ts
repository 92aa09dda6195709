import assert from 'node:assert/strict';
import { argon2Sync, randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';

import { HashingBusy, openHashing } from './hashing.ts';

describe('hashing', () => {
  it('knows the text again and no other, and salts', async () => {
    const hashing = openHashing({ random: randomBytes });
    const [first, second] = await Promise.all([hashing.hash('secret'), hashing.hash('secret')]);
    assert.notEqual(first, second);
    assert.match(first, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    assert.equal(await hashing.verify('secret', first), true);
    assert.equal(await hashing.verify('Secret', first), false);
  });

  it('is argon2id as others compute it', async () => {
    const salt = Buffer.alloc(16, 7);
    const tag = argon2Sync('argon2id', { message: 'secret', nonce: salt, memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 });
    const hash = await openHashing({ random: () => salt }).hash('secret');
    assert.equal(hash.split('$').at(-1), tag.toString('base64').replaceAll('=', ''));
  });

  it('answers no where there is nothing to compare with, not even by chance', async () => {
    const hashing = openHashing({ random: randomBytes });
    assert.equal(await hashing.verify('', null), false);
  });

  it('complains about a damaged hash rather than about the password', async () => {
    await assert.rejects(openHashing({ random: randomBytes }).verify('x', 'plain text'), TypeError);
  });

  it('turns away whom too many wait before, and takes more when they are through', async () => {
    const hashing = openHashing({ random: randomBytes, parallelMax: 1, waitingMax: 2 });
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => hashing.hash('x')));
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected'],
    );
    assert.ok(results[4]?.status === 'rejected' && results[4].reason instanceof HashingBusy);
    assert.ok(await hashing.hash('x'));
  });
});
