import type { GraphContext, OwnMethods, ResolverMap } from '@bioscope/graph';
import { graphRefusal } from '@bioscope/graph';
import type { Passport } from '@bioscope/passport';
import { RpcError, type RequestContext } from '@bioscope/rpc';

import type { Account, ChangeResponse, IdentityService, Passkey, Profile, Refused } from '../contract/index.ts';

type Own = OwnMethods<typeof IdentityService>;
type Context = GraphContext<Passport, null>;
type ProfileInput = { name: string; picture: string; language: string; maturityMax: number; isKids: boolean };

/** Identity's part of the graph (`schema.graphql`). */
export function identityResolvers(own: Own): ResolverMap {
  const command =
    <A>(run: (given: A, call: RequestContext) => Promise<ChangeResponse>) =>
    async (_root: unknown, given: A, { asker, call }: Context): Promise<{ refused: Refused | null; account: Account | null }> => {
      if (asker.accountId === '') throw graphRefusal('SIGN_IN_NEEDED', 'Sign in first.');
      const { outcome } = await run(given, call);
      return { refused: outcome.case === 'refused' ? outcome.value : null, account: outcome.case === 'account' ? outcome.value : null };
    };
  const isVisitor = ({ asker }: Context): boolean => asker.accountId === '';
  const account = async ({ call }: Context): Promise<Account | null> => (await orNull(own.getAccount({}, call)))?.account ?? null;
  return {
    Query: {
      account: (_root: unknown, _arguments: object, context: Context) => (isVisitor(context) ? null : account(context)),
      profile: async (_root: unknown, _arguments: object, { asker, call }: Context) =>
        asker.profileId === '' ? null : ((await orNull(own.getProfile({}, call)))?.profile ?? null),
      devices: async (_root: unknown, _arguments: object, context: Context) =>
        isVisitor(context) ? [] : (await own.listDevices({}, context.call)).devices,
      passkeys: async (_root: unknown, _arguments: object, context: Context) =>
        isVisitor(context) ? [] : (await own.listPasskeys({}, context.call)).passkeys,
    },
    Mutation: {
      createProfile: command<{ commandId: string; profile: ProfileInput }>((given, call) => own.createProfile(given, call)),
      changeProfile: command<{ commandId: string; profileId: string; profile: ProfileInput }>((given, call) =>
        own.changeProfile(given, call),
      ),
      removeProfile: command<{ commandId: string; profileId: string }>((given, call) => own.removeProfile(given, call)),
      setProfilePin: command<{ commandId: string; profileId: string; pin: string }>((given, call) => own.setProfilePin(given, call)),
      setAccountPin: command<{ commandId: string; password: string; pin: string }>((given, call) => own.setAccountPin(given, call)),
      changePassword: command<{ commandId: string; password: string; newPassword: string }>((given, call) =>
        own.changePassword(given, call),
      ),
      changeEmail: command<{ password: string; newEmail: string }>((given, call) => own.changeEmail(given, call)),
      removePasskey: command<{ commandId: string; passkeyId: string }>((given, call) => own.removePasskey(given, call)),
      signOutDevice: command<{ deviceId: string }>((given, call) => own.signOutDevice(given, call)),
    },
    Account: {
      __resolveReference: async ({ id }: { id: string }, context: Context) =>
        isVisitor(context) ? null : await ownOnly(account(context), id),
    },
    Profile: {
      // Another account's profile is nobody's to see.
      __resolveReference: async ({ id }: { id: string }, context: Context): Promise<Profile | null> =>
        isVisitor(context) ? null : ((await account(context))?.profiles.find((profile) => profile.id === id) ?? null),
    },
    AccountRefusal: {
      field: ({ field }: Refused) => field || null,
      retryAfterMs: ({ retryAfterMs }: Refused) => retryAfterMs || null,
    },
    Passkey: {
      usedAtMs: ({ usedAtMs }: Passkey) => usedAtMs || null,
    },
  };
}

async function ownOnly(account: Promise<Account | null>, id: string): Promise<Account | null> {
  const own = await account;
  return own?.id === id ? own : null;
}

async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (fault) {
    if (fault instanceof RpcError && fault.code === 'not_found') return null;
    throw fault;
  }
}
