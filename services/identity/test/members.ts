import assert from 'node:assert/strict';

import type { Passport } from '@bioscope/passport';

import type { Answer, Browser, RunningIdentity } from './running-identity.ts';

export const DEVICE = { id: 'device-0001', name: 'Firefox on Linux', kind: 'browser' };
export const PASSWORD = 'correct horse battery';
export const ADA = { email: 'Ada@Example.org', password: PASSWORD, name: 'Ada', language: 'de', country: 'DE' };

/** The secret of the link in the newest mail to that address. */
export function mailedLink(identity: RunningIdentity, to: string): string {
  const mail = identity.mails.findLast((each) => each.to === to);
  assert.ok(mail, `nothing was mailed to ${to}`);
  const [, secret = ''] = (mail.values['link'] ?? '').split('#');
  assert.notEqual(secret, '', `the mail ${mail.template} has no one-time link`);
  return secret;
}

/** Signs up and follows the link in the same browser. */
export async function signUp(
  identity: RunningIdentity,
  form: Partial<typeof ADA> = {},
  browser: Browser = identity.browser(),
): Promise<Member> {
  const whole = { ...ADA, ...form };
  assert.equal((await browser.post('sign-up', whole)).status, 200);
  const answer = await browser.post('verify', { link: mailedLink(identity, whole.email.toLowerCase()), device: DEVICE });
  return { browser, ...memberOf(identity, answer) };
}

export type Member = { readonly browser: Browser; readonly passport: Passport; readonly answer: Answer };

/** Whom an answer has signed in, as the gateway finds from its access token. */
export function memberOf(identity: RunningIdentity, answer: Answer): { passport: Passport; answer: Answer } {
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  const checked = identity.tokens.check(String(answer.body['accessToken']));
  assert.ok(checked.kind === 'genuine', 'the access token is not genuine');
  return { passport: checked.passport, answer };
}

export async function signIn(
  identity: RunningIdentity,
  form: { email?: string; password?: string; device?: unknown } = {},
  browser = identity.browser(),
) {
  const answer = await browser.post('sign-in', { email: ADA.email, password: PASSWORD, device: DEVICE, ...form });
  return { browser, answer };
}
