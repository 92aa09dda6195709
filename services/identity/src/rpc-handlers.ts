import type { Passport } from '@bioscope/passport';
import { RpcError, type Allowed, type Handlers, type RequestContext } from '@bioscope/rpc';

import type { IdentityService } from '../contract/index.ts';
import { answering } from './answers.ts';
import { profileOf } from './domain/profiles.ts';
import {
  changePassword,
  changeProfile,
  createProfile,
  removePasskey,
  removeProfile,
  setAccountPin,
  setProfilePin,
} from './handlers/members.ts';
import { createOperatorInvite } from './handlers/operator-invites.ts';
import { findAccounts, listRevocations, readAccount, readDevices } from './handlers/read.ts';
import { requestEmailChange } from './handlers/request-email-change.ts';
import { signOutAccount } from './handlers/sign-out-account.ts';
import { signOutDevice } from './handlers/sign-out-device.ts';
import type { IdentityParts } from './parts.ts';
import { accountView, changeView, profileView } from './views.ts';
import { accountAsked, memberAsked, type WhoAsks } from './who-asks.ts';

type Change<Q> = (parts: IdentityParts, request: Q, asker: Passport) => Promise<Parameters<typeof changeView>[0]>;

const READERS = ['gateway', 'graph', 'access', 'membership', 'billing', 'playback', 'home'];

/** Members ask through the gateway and the graph. */
export const CALLERS: Allowed<typeof IdentityService> = {
  '*': ['gateway', 'graph'],
  getAccount: READERS,
  getProfile: READERS,
  listDevices: READERS,
  countDevices: READERS,
  createOperatorInvite: ['gateway', 'cli'],
};

export function identityHandlers(parts: IdentityParts, who: WhoAsks): Handlers<typeof IdentityService> {
  const { asks, operators } = who;
  const changing =
    <Q>(change: Change<Q>) =>
    (request: Q, call: RequestContext) =>
      answering(async () => changeView(await change(parts, request, memberAsked(asks, call))));

  return {
    getAccount: ({ accountId }, call) =>
      answering(async () => ({ account: accountView(await readAccount(parts, await accountAsked(who, call, accountId))) })),
    getProfile: (request, call) =>
      answering(async () => {
        const accountId = await accountAsked(who, call, request.accountId);
        const profileId = request.profileId === '' ? asks(call).profileId : request.profileId;
        const profile = profileOf(await readAccount(parts, accountId), profileId);
        if (profile === null)
          throw new RpcError('not_found', `account ${accountId} has no profile ${JSON.stringify(profileId.slice(0, 80))}`);
        return { profile: profileView(accountId, profile) };
      }),
    listDevices: ({ accountId }, call) =>
      answering(async () => ({ devices: [...(await readDevices(parts, await accountAsked(who, call, accountId)))] })),
    countDevices: ({ accountId }, call) =>
      answering(async () => ({ devices: (await readDevices(parts, await accountAsked(who, call, accountId))).length })),
    createProfile: changing(createProfile),
    changeProfile: changing(changeProfile),
    removeProfile: changing(removeProfile),
    setProfilePin: changing(setProfilePin),
    setAccountPin: changing(setAccountPin),
    changePassword: changing(changePassword),
    changeEmail: changing(requestEmailChange),
    removePasskey: changing(removePasskey),
    signOutDevice: changing(signOutDevice),
    listPasskeys: (_request, call) =>
      answering(async () => {
        const { passkeys } = await readAccount(parts, memberAsked(asks, call).accountId);
        return { passkeys: passkeys.map(({ id, name, addedAtMs, usedAtMs }) => ({ id, name, addedAtMs, usedAtMs })) };
      }),
    findAccounts: operators.only('members', (request) => answering(() => findAccounts(parts, request))),
    signOutAccount: operators.only('members', (request) => answering(async () => changeView(await signOutAccount(parts, request)))),
    listRevocations: (request) => answering(() => listRevocations(parts, request)),
    createOperatorInvite: ({ onlyFirst }, call) =>
      answering(async () => {
        // The command line runs where the secrets lie: who starts it has the service already.
        if (call.caller !== 'cli') await operators.check('operators', call);
        return await createOperatorInvite(parts, { onlyFirst });
      }),
  };
}
