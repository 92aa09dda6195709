import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { signUp } from './members.ts';
import { startIdentity, stateFolder } from './running-identity.ts';

const ACCOUNT =
  '{ account { email country isOperator profiles { name isOwner isKids hasPin maturityMax } } devices { name kind rank } passkeys { id } }';

describe('identity’s part of the graph', () => {
  it('shows a member their account, and lets them make and change profiles', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    const { passport } = await signUp(identity);
    const ask = (query: string, variables: object = {}) => identity.ask(passport, query, variables);
    const owner = { name: 'Ada', isOwner: true, isKids: false, hasPin: false, maturityMax: 18 };
    assert.deepEqual(await ask(ACCOUNT), {
      data: {
        account: { email: 'ada@example.org', country: 'DE', isOperator: false, profiles: [owner] },
        devices: [{ name: 'Firefox on Linux', kind: 'browser', rank: 1 }],
        passkeys: [],
      },
    });
    const create =
      'mutation ($p: ProfileInput!) { createProfile(commandId: "command-0001", profile: $p) { refused { because field retryAfterMs } account { profiles { id name isKids } } } }';
    const kid = { name: 'Bo', picture: 'fox', language: 'de', maturityMax: 6, isKids: true };
    const made = await ask(create, { p: kid });
    const { createProfile } = made.data as unknown as {
      createProfile: { refused: unknown; account: { profiles: { id: string; name: string; isKids: boolean }[] } };
    };
    assert.equal(createProfile.refused, null);
    const { account } = createProfile;
    assert.deepEqual(
      account.profiles.map(({ name, isKids }) => [name, isKids]),
      [
        ['Ada', false],
        ['Bo', true],
      ],
    );
    const again = await ask(create.replace('0001', '0002'), { p: kid });
    assert.deepEqual(again.data?.['createProfile'], {
      refused: { because: 'name_taken', field: 'name', retryAfterMs: null },
      account: null,
    });
    const representations = [...account.profiles.map(({ id }) => id), 'of another account'].map((id) => ({ __typename: 'Profile', id }));
    const entities = await ask('query ($r: [_Any!]!) { _entities(representations: $r) { ... on Profile { name } } }', {
      r: representations,
    });
    assert.deepEqual(entities.data, { _entities: [{ name: 'Ada' }, { name: 'Bo' }, null] });
  });

  it('has nothing for visitors', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    assert.deepEqual(await identity.ask({}, ACCOUNT), { data: { account: null, devices: [], passkeys: [] } });
    const { errors } = await identity.ask({}, 'mutation { signOutDevice(deviceId: "d") { account { id } } }');
    assert.deepEqual(
      errors?.map(({ extensions }) => extensions.code),
      ['SIGN_IN_NEEDED'],
    );
  });
});
