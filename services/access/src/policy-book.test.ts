import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

import { REFUSALS } from '../contract/index.ts';
import { policyBook, readPolicyBook } from './policy-book.ts';

const FOLDER = fileURLToPath(new URL('../policies', import.meta.url));
const schema = await readFile(`${FOLDER}/schema.cedarschema`, 'utf8');
const of = (text: string, name = 'one.cedar') => policyBook({ schema, texts: [{ name, text }] });

const GOOD =
  '@id("sign-in")\n@reason("sign_in_needed")\n@lifts("sign_in")\nforbid (principal, action, resource)\nunless { principal.isSignedIn };\n';

describe('the policies in force', () => {
  it('have a reason for every refusal of the contract but the last, which is for what no policy says', async () => {
    const book = await readPolicyBook(FOLDER);
    const reasons = book.files.flatMap(({ policyIds }) => policyIds).flatMap((id) => book.reasonOf(id)?.because ?? []);
    assert.deepEqual(
      REFUSALS.filter((because) => !reasons.includes(because)),
      ['not_permitted'],
    );
  });
});

describe('a book of policies', () => {
  it('takes reason and lifts from the annotations', () => {
    assert.deepEqual(of(GOOD).reasonOf('sign-in'), { because: 'sign_in_needed', lifts: ['sign_in'] });
  });

  it('has another version when a word changes', () => {
    assert.equal(of(GOOD).version, of(GOOD).version);
    assert.notEqual(of(GOOD).version, of(`${GOOD}// a remark\n`).version);
  });

  const wrong: readonly [what: string, text: string, message: RegExp][] = [
    ['does not parse', 'forbid (principal, action resource);', /one\.cedar: .*line 1/],
    ['speaks of what the schema does not know', GOOD.replace('isSignedIn', 'isTall'), /one\.cedar:5:\d+: .*isTall/],
    [
      'reads what may be unknown without asking first',
      GOOD.replace('principal.isSignedIn', 'principal.account.hasPin'),
      /one\.cedar:5:\d+: .*account/,
    ],
    ['has no id', GOOD.replace('@id("sign-in")', ''), /one\.cedar: .*no @id/],
    ['forbids without a reason', GOOD.replace('@reason("sign_in_needed")', ''), /one\.cedar: sign-in must say why/],
    ['has a reason that is none of the contract', GOOD.replace('sign_in_needed', 'because'), /one\.cedar: sign-in must say why/],
    [
      'is lifted by what nobody knows',
      GOOD.replace('@lifts("sign_in")', '@lifts("sign_in prayer")'),
      /one\.cedar: sign-in lifts by "prayer"/,
    ],
    ['has an id twice', GOOD + GOOD, /sign-in/],
  ];
  for (const [what, text, message] of wrong) {
    it(`is refused when a policy ${what}`, () => {
      assert.throws(() => of(text), { message });
    });
  }

  it('names the mistakes of all files at once', () => {
    const texts = [
      { name: 'a.cedar', text: 'forbid' },
      { name: 'b.cedar', text: GOOD },
      { name: 'c.cedar', text: GOOD.replace('isSignedIn', 'isTall') },
    ];
    assert.throws(() => policyBook({ schema, texts }), /a\.cedar: .*c\.cedar:5/);
  });

  it('is refused when two files have a policy of the same id', () => {
    const texts = ['a.cedar', 'b.cedar'].map((name) => ({ name, text: GOOD }));
    assert.throws(() => policyBook({ schema, texts }), /sign-in/);
  });
});
