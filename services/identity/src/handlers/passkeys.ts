import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server';

import { changeAccount } from '../change-account.ts';
import { decideAddPasskey, decideUsePasskey } from '../domain/credentials.ts';
import { hashOf } from '../domain/refresh-token.ts';
import { refused, type Refusal } from '../domain/refusal.ts';
import type { Session } from '../domain/session.ts';
import { take } from '../limits.ts';
import type { IdentityParts } from '../parts.ts';
import { beginSession, signedIn, whoIsSignedIn, type SignedIn } from '../running-sessions.ts';
import { tellByMail } from '../send-mail.ts';
import { proveByHash } from '../prove.ts';

/** The page that asks, as the browser says and the same-origin check has found true. */
export type Site = { readonly origin: string; readonly hostname: string };
export type Options<T> = { readonly kind: 'options'; readonly options: T };
type CreationOptions = Awaited<ReturnType<typeof generateRegistrationOptions>>;
type RequestOptions = Awaited<ReturnType<typeof generateAuthenticationOptions>>;

/** WebAuthn level 3, section 7: a passkey stands for the password, so the person is verified, and it can be found without an address. */
const NEEDS = { residentKey: 'required', userVerification: 'required' } as const;

/** What `navigator.credentials.create` takes. The password is asked for: a passkey outlives the session that it is made in. */
export async function passkeyRegistrationOptions(
  parts: IdentityParts,
  request: { refreshToken: string; password: string; site: Site },
): Promise<Options<CreationOptions> | Refusal> {
  const who = await whoIsSignedIn(parts, request.refreshToken);
  if (who.kind === 'refused') return who;
  const { account } = who;
  const proof = { accountId: account.id, text: request.password, hash: account.passwordHash, otherwise: 'wrong_password' } as const;
  const refusal = await proveByHash(parts, proof);
  if (refusal !== null) return refusal;
  const options = await generateRegistrationOptions({
    rpName: parts.config.serviceName,
    rpID: request.site.hostname,
    userID: new TextEncoder().encode(account.id),
    userName: account.email,
    challenge: new Uint8Array(parts.random(32)),
    excludeCredentials: account.passkeys.map(({ id, transports }) => ({ id, transports: [...transports] })),
    authenticatorSelection: NEEDS,
  });
  await parts.oneTime.putChallenge(hashOf(options.challenge), { kind: 'register', accountId: account.id }, parts.nowMs());
  return { kind: 'options', options };
}

export async function addPasskey(
  parts: IdentityParts,
  request: { refreshToken: string; response: RegistrationResponseJSON; name: string; site: Site },
): Promise<SignedIn | Refusal> {
  const who = await whoIsSignedIn(parts, request.refreshToken);
  if (who.kind === 'refused') return who;
  const { account, session } = who;
  let challengeHash = '';
  const verified = await verifyRegistrationResponse({
    response: request.response,
    expectedChallenge: async (challenge) => {
      challengeHash = hashOf(challenge);
      const known = await parts.oneTime.readChallenge(challengeHash, parts.nowMs());
      return known?.kind === 'register' && known.accountId === account.id;
    },
    expectedOrigin: request.site.origin,
    expectedRPID: request.site.hostname,
  }).catch((fault: unknown) => notAccepted(parts, fault));
  if (verified?.registrationInfo === undefined) return refused('passkey_refused');
  const { id, publicKey, counter } = verified.registrationInfo.credential;
  const passkey = {
    id,
    publicKey: Buffer.from(publicKey).toString('base64url'),
    counter,
    transports: (request.response.response.transports ?? []).slice(0, 8),
    name: request.name === '' ? session.device.name : request.name,
    addedAtMs: parts.nowMs(),
    usedAtMs: 0,
  };
  const changed = await changeAccount(parts, { accountId: account.id, commandId: `challenge ${challengeHash}` }, (known) =>
    decideAddPasskey(known, passkey),
  );
  if (changed.kind === 'refused') return changed;
  if (changed.isRepeated) return refused('passkey_refused');
  const { email, language } = account;
  await tellByMail(parts, { to: email, template: 'passkey_added', language, values: {}, key: `passkey:${challengeHash}` });
  return signedIn(parts, { account: changed.account, session, assurance: 'credential', refreshToken: null });
}

/** What `navigator.credentials.get` takes: no list of keys, which would tell who has an account. */
export async function passkeySignInOptions(
  parts: IdentityParts,
  request: { address: string; site: Site },
): Promise<Options<RequestOptions> | Refusal> {
  const ticket = take([[parts.limits.presentedByAddress, request.address]], parts.nowMs());
  if (ticket.kind === 'refused') return ticket;
  const options = await generateAuthenticationOptions({
    rpID: request.site.hostname,
    challenge: new Uint8Array(parts.random(32)),
    userVerification: NEEDS.userVerification,
  });
  await parts.oneTime.putChallenge(hashOf(options.challenge), { kind: 'sign_in' }, parts.nowMs());
  return { kind: 'options', options };
}

export async function signInWithPasskey(
  parts: IdentityParts,
  request: { response: AuthenticationResponseJSON; device: Session['device']; address: string; site: Site },
): Promise<SignedIn | Refusal> {
  const ticket = take([[parts.limits.presentedByAddress, request.address]], parts.nowMs());
  if (ticket.kind === 'refused') return ticket;
  const accountId = Buffer.from(request.response.response.userHandle ?? '', 'base64url').toString();
  const account = /^[A-Za-z0-9-]{1,64}$/.test(accountId) ? await parts.accounts.read(accountId) : null;
  const passkey = account?.passkeys.find(({ id }) => id === request.response.id);
  if (account === null || passkey === undefined) return refused('passkey_refused');
  let challengeHash = '';
  const { id, publicKey, counter, transports } = passkey;
  const verified = await verifyAuthenticationResponse({
    response: request.response,
    expectedChallenge: async (challenge) => {
      challengeHash = hashOf(challenge);
      return (await parts.oneTime.readChallenge(challengeHash, parts.nowMs()))?.kind === 'sign_in';
    },
    expectedOrigin: request.site.origin,
    expectedRPID: request.site.hostname,
    credential: { id, publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')), counter, transports: [...transports] },
  }).catch((fault: unknown) => notAccepted(parts, fault));
  if (verified?.verified !== true) return refused('passkey_refused');
  const use = { passkeyId: id, counter: verified.authenticationInfo.newCounter, atMs: parts.nowMs() };
  const changed = await changeAccount(parts, { accountId, commandId: `challenge ${challengeHash}` }, (known) =>
    decideUsePasskey(known, use),
  );
  if (changed.kind === 'refused') return changed;
  // The same answer to the same challenge once more: overheard, or sent twice.
  if (changed.isRepeated) return refused('passkey_refused');
  return await beginSession(parts, changed.account, request.device);
}

/** The library throws for everything that does not fit together; a fault of the store on the way is none of these. */
function notAccepted({ log }: Pick<IdentityParts, 'log'>, fault: unknown): null {
  if (fault instanceof Error && 'code' in fault && String(fault.code).startsWith('KV_')) throw fault;
  log.info({ reason: fault instanceof Error ? fault.message : String(fault) }, 'a passkey was not accepted');
  return null;
}
