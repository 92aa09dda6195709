import type { ServerResponse } from 'node:http';

import type { RefusalCode } from '../../contract/index.ts';
import { LINK_LIFE_MS } from '../domain/link.ts';
import type { Refusal } from '../domain/refusal.ts';
import { SESSION_LIFE_MS } from '../domain/session.ts';
import type { MailSent } from '../handlers/sign-up.ts';
import type { SignedOut } from '../handlers/sign-out.ts';
import type { EmailChanged } from '../handlers/verify.ts';
import type { Options } from '../handlers/passkeys.ts';
import type { SignedIn } from '../running-sessions.ts';
import { accountView } from '../views.ts';
import { SESSION_COOKIE, SIGN_UP_COOKIE, writeCookie } from './cookies.ts';

export type Outcome = SignedIn | SignedOut | MailSent | { readonly kind: 'mail_sent' } | EmailChanged | Options<unknown> | Refusal;

/** Writes what a use case came to: JSON for the app, cookies for the browser. */
export function answer(response: ServerResponse, outcome: Outcome, { isSecure }: { readonly isSecure: boolean }): void {
  const cookies = cookiesOf(outcome, isSecure);
  const status = outcome.kind === 'refused' ? (STATUS[outcome.because] ?? 403) : 200;
  const waitMs = outcome.kind === 'refused' ? outcome.retryAfterMs : 0;
  const body = Buffer.from(JSON.stringify(bodyOf(outcome)));
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': body.length,
    'cache-control': 'no-store',
    ...(cookies.length === 0 ? {} : { 'set-cookie': cookies }),
    ...(waitMs > 0 ? { 'retry-after': String(Math.ceil(waitMs / 1000)) } : {}),
  });
  response.end(body);
}

function bodyOf(outcome: Outcome): unknown {
  switch (outcome.kind) {
    case 'signed_in': {
      const { access, account, session } = outcome;
      const { id: sessionId, profileId, device } = session;
      return {
        accessToken: access.token,
        expiresAtMs: access.expiresAtMs,
        sessionId,
        deviceId: device.id,
        profileId: account.profiles.some(({ id }) => id === profileId) ? profileId : '',
        account: accountView(account),
      };
    }
    case 'mail_sent':
      return { mailSent: true };
    case 'email_changed':
      return { emailChanged: outcome.email };
    case 'signed_out':
      return { signedOut: true };
    case 'options':
      return { options: outcome.options };
    case 'refused': {
      const { because, message, field, retryAfterMs } = outcome;
      return { refused: because, message, ...(field === '' ? {} : { field }), ...(retryAfterMs > 0 ? { retryAfterMs } : {}) };
    }
    default:
      return outcome satisfies never;
  }
}

function cookiesOf(outcome: Outcome, isSecure: boolean): string[] {
  switch (outcome.kind) {
    case 'signed_in':
      if (outcome.refreshToken === null) return [];
      return [
        writeCookie(SESSION_COOKIE, outcome.refreshToken, { isSecure, maxAgeMs: SESSION_LIFE_MS }),
        writeCookie(SIGN_UP_COOKIE, '', { isSecure, maxAgeMs: 0 }),
      ];
    case 'signed_out':
      return [writeCookie(SESSION_COOKIE, '', { isSecure, maxAgeMs: 0 })];
    case 'mail_sent':
      if (!('browserSecret' in outcome)) return [];
      return [writeCookie(SIGN_UP_COOKIE, outcome.browserSecret, { isSecure, maxAgeMs: LINK_LIFE_MS.sign_up })];
    case 'refused':
      return outcome.because === 'signed_out' ? [writeCookie(SESSION_COOKIE, '', { isSecure, maxAgeMs: 0 })] : [];
    case 'email_changed':
    case 'options':
      return [];
    default:
      return outcome satisfies never;
  }
}

/** Others are 403: understood, and no. */
const STATUS: Readonly<Partial<Record<RefusalCode, number>>> = {
  malformed: 400,
  weak_password: 400,
  signed_out: 401,
  not_found: 404,
  too_large: 413,
  too_many_tries: 429,
  busy: 503,
  unavailable: 503,
};
