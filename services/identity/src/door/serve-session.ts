import type { IncomingMessage } from 'node:http';

import { KvFault } from '@bioscope/kv';
import { RpcError, type HttpHandler } from '@bioscope/rpc';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';

import { readDevice } from '../domain/devices.ts';
import { refused } from '../domain/refusal.ts';
import type { Session } from '../domain/session.ts';
import { enterProfile } from '../handlers/choose-profile.ts';
import { redeemInvite } from '../handlers/operator-invites.ts';
import { addPasskey, passkeyRegistrationOptions, passkeySignInOptions, signInWithPasskey } from '../handlers/passkeys.ts';
import { requestReset, resetPassword } from '../handlers/reset.ts';
import { signIn } from '../handlers/sign-in.ts';
import { signOut, signOutEverywhere } from '../handlers/sign-out.ts';
import { signUp } from '../handlers/sign-up.ts';
import { strengthen } from '../handlers/strengthen.ts';
import { verify } from '../handlers/verify.ts';
import { HashingBusy } from '../hashing.ts';
import type { IdentityParts } from '../parts.ts';
import { refreshSession } from '../running-sessions.ts';
import { answer, type Outcome } from './answers.ts';
import { readRequest, textOf, type Asked } from './read-request.ts';

type Endpoint = (parts: IdentityParts, asked: Asked) => Promise<Outcome>;

/** `POST /session/<name>` with JSON, from the app's own pages only. README.md lists what each takes and answers. */
const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  'sign-up': (parts, asked) => signUp(parts, signUpOf(asked)),
  verify: (parts, asked) =>
    onDevice(asked, (device) => {
      const { browserSecret, address, body } = asked;
      return verify(parts, { link: textOf(body, 'link'), password: textOf(body, 'password'), browserSecret, address, device });
    }),
  'sign-in': (parts, { body, address, ...asked }) =>
    onDevice({ ...asked, body, address }, (device) =>
      signIn(parts, { email: textOf(body, 'email'), password: textOf(body, 'password'), device, address }),
    ),
  refresh: (parts, { refreshToken }) => refreshSession(parts, refreshToken),
  'sign-out': (parts, { refreshToken }) => signOut(parts, refreshToken),
  'sign-out-everywhere': (parts, { refreshToken }) => signOutEverywhere(parts, refreshToken),
  'reset-request': (parts, { body, address }) =>
    requestReset(parts, { email: textOf(body, 'email'), language: textOf(body, 'language'), address }),
  reset: (parts, asked) =>
    onDevice(asked, (device) => {
      const { body, address } = asked;
      return resetPassword(parts, { link: textOf(body, 'link'), password: textOf(body, 'password'), device, address });
    }),
  'profile/choose': (parts, { refreshToken, body }) =>
    enterProfile(parts, { refreshToken, profileId: textOf(body, 'profileId'), pin: textOf(body, 'pin') }),
  pin: (parts, { refreshToken, body }) => strengthen(parts, { refreshToken, pin: textOf(body, 'pin'), password: textOf(body, 'password') }),
  'passkey/register-options': (parts, { refreshToken, body, site }) =>
    passkeyRegistrationOptions(parts, { refreshToken, password: textOf(body, 'password'), site }),
  'passkey/register': (parts, { refreshToken, body, site }) => {
    const response = credentialOf(body['response'], ['clientDataJSON', 'attestationObject']);
    if (response === null) return Promise.resolve(refused('malformed', { field: 'response' }));
    return addPasskey(parts, { refreshToken, response: response as RegistrationResponseJSON, name: nameOf(textOf(body, 'name')), site });
  },
  'passkey/sign-in-options': (parts, { address, site }) => passkeySignInOptions(parts, { address, site }),
  'passkey/sign-in': (parts, asked) =>
    onDevice(asked, (device) => {
      const { body, address, site } = asked;
      const response = credentialOf(body['response'], ['clientDataJSON', 'authenticatorData', 'signature']);
      if (response === null) return Promise.resolve(refused('malformed', { field: 'response' }));
      return signInWithPasskey(parts, { response: response as AuthenticationResponseJSON, device, address, site });
    }),
  invite: (parts, asked) =>
    onDevice(asked, (device) => redeemInvite(parts, { ...signUpOf(asked), link: textOf(asked.body, 'link'), device })),
};

export function serveSession(parts: IdentityParts): HttpHandler {
  return async (request, response, { path }) => {
    const { outcome, isSecure } = await outcomeOf(parts, request, path.replace(/^\/session\/?/, ''));
    answer(response, outcome, { isSecure });
  };
}

async function outcomeOf(parts: IdentityParts, request: IncomingMessage, name: string): Promise<{ outcome: Outcome; isSecure: boolean }> {
  const endpoint = Object.hasOwn(ENDPOINTS, name) ? ENDPOINTS[name] : undefined;
  if (endpoint === undefined || request.method !== 'POST') return { outcome: refused('not_found'), isSecure: false };
  const asked = await readRequest(request);
  if (asked.kind === 'refused') return { outcome: asked, isSecure: false };
  const { isSecure } = asked;
  try {
    return { outcome: await endpoint(parts, asked), isSecure };
  } catch (fault) {
    if (fault instanceof HashingBusy) return { outcome: refused('busy', { retryAfterMs: BUSY_MS }), isSecure };
    if (!isDependencyDown(fault)) throw fault;
    parts.log.warn({ err: fault, name }, 'somebody could not be answered');
    return { outcome: refused('unavailable', { retryAfterMs: DOWN_MS }), isSecure };
  }
}

/** The time in which those who wait now have had their turn. */
const BUSY_MS = 3_000;
const DOWN_MS = 1_000;

async function onDevice(asked: Asked, go: (device: Session['device']) => Promise<Outcome>): Promise<Outcome> {
  const read = readDevice(asked.body['device']);
  return read.kind === 'refused' ? read : await go(read.device);
}

function signUpOf({ body, address }: Asked) {
  const text = (name: string): string => textOf(body, name);
  return {
    email: text('email'),
    password: text('password'),
    name: text('name'),
    language: text('language'),
    country: text('country'),
    address,
  };
}

/** A `PublicKeyCredential` as JSON, as far as the library relies on; null when it is none. */
function credentialOf(value: unknown, parts: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null || !('id' in value) || !('rawId' in value) || !('response' in value)) return null;
  const { id, response } = value;
  if (typeof id !== 'string' || typeof response !== 'object' || response === null) return null;
  const fields: Readonly<Record<string, unknown>> = { ...response };
  return parts.every((part) => typeof fields[part] === 'string') ? value : null;
}

function nameOf(text: string): string {
  return text.replaceAll(/\p{C}/gu, ' ').trim().slice(0, 60);
}

/** Mail or the store; anything else is our own fault and answered as such. */
function isDependencyDown(fault: unknown): boolean {
  return fault instanceof KvFault || (fault instanceof RpcError && DOWN.has(fault.code));
}

const DOWN: ReadonlySet<string> = new Set(['unavailable', 'deadline_exceeded', 'aborted', 'canceled']);
