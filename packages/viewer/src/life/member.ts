import { ask, type AskNeeds, type Bearer } from '../network/ask.ts';
import type { Credentials } from '../options.ts';
import { readJson } from '../play/play-session.ts';

/** One device of a member: a browser's cookies and tokens without the browser. */
export type Member = Bearer & {
  /** Signs in and chooses a profile, unless that is done. The account's id, or `undefined` when the door did not let in. */
  signIn(signal: AbortSignal): Promise<string | undefined>;
  /** Makes the account, and is signed in as its owner. Rejects with an error that names what was refused. */
  signUp(who: NewAccount, mailedLink: () => Promise<string>, signal: AbortSignal): Promise<void>;
};

export type MemberNeeds = AskNeeds & { readonly appOrigin: string; readonly credentials: Credentials; readonly deviceId: string };

export type NewAccount = Credentials & { readonly name: string; readonly country: string; readonly language: string };

type Profile = { readonly id: string; readonly hasPin: boolean };
type Grant = {
  readonly accessToken?: string;
  readonly expiresAtMs?: number;
  readonly account?: { readonly id: string; readonly profiles: readonly Profile[] };
  readonly mailSent?: boolean;
  readonly refused?: string;
};

/** As our app has it (apps/web/src/member/session.ts). */
const SPARE_MS = 45_000;
const USED_MS_MIN = 60_000;
const USED_MS_MAX = 9 * 60_000;
/** Two password hashes on a busy server take seconds. The door's requests are not repeated: few of them may be sent twice. */
const DEADLINE_MS = 15_000;
const SIGNED_OUT = 'signed_out';
/** The door sets two. */
const COOKIES_MAX = 20;

export function createMember(needs: MemberNeeds): Member {
  const device = { id: needs.deviceId, name: 'synthetic viewer', kind: 'browser' };
  const cookies = new Map<string, string>();
  let accountId: string | undefined;
  let token = '';
  let useUntilMs = 0;
  let refreshing: Promise<string | undefined> | undefined;

  const askDoor = async (endpoint: string, body: object, signal: AbortSignal, isQuiet = false): Promise<Grant> => {
    const cookie = Array.from(cookies, ([name, value]) => `${name}=${value}`).join('; ');
    const answer = await ask(needs, {
      door: 'session',
      url: `${needs.appOrigin}/session/${endpoint}`,
      body: { device, ...body },
      headers: { origin: needs.appOrigin, 'x-bioscope-app': '1', ...(cookie === '' ? {} : { cookie }) },
      deadlineMs: DEADLINE_MS,
      attemptsMax: 1,
      isQuiet,
      signal,
    });
    if (answer.kind === 'given_up') return {};
    if (answer.kind === 'failed') return readJson(answer.body) ?? {};
    takeCookies(cookies, answer.sent.headers['set-cookie']);
    const grant = (readJson(answer.sent.body) ?? {}) as Grant;
    if (grant.accessToken !== undefined) {
      token = grant.accessToken;
      const nowMs = needs.clock.nowMs();
      useUntilMs = nowMs + Math.min(Math.max((grant.expiresAtMs ?? 0) - nowMs - SPARE_MS, USED_MS_MIN), USED_MS_MAX);
    }
    return grant;
  };
  /** Quiet: who needs the token asks again, and fails if that does not help. */
  const askForToken = async (): Promise<string | undefined> => {
    const grant = await askDoor('refresh', {}, new AbortController().signal, true);
    if (grant.refused !== SIGNED_OUT) return grant.accessToken;
    accountId = undefined;
    token = '';
    return '';
  };
  const refresh = (): Promise<string | undefined> => {
    refreshing ??= askForToken().finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  };

  return {
    async signIn(signal) {
      if (accountId !== undefined) return accountId;
      const { account } = await askDoor('sign-in', needs.credentials, signal);
      const profile = account?.profiles.find(({ hasPin }) => !hasPin);
      if (account === undefined || profile === undefined) return undefined;
      const chosen = await askDoor('profile/choose', { profileId: profile.id }, signal);
      if (chosen.accessToken === undefined) return undefined;
      accountId = account.id;
      return accountId;
    },
    async signUp({ email, password, name, country, language }, mailedLink, signal) {
      const asked = await askDoor('sign-up', { email, password, name, country, language }, signal);
      if (asked.mailSent !== true) throw new Error(`signing up came to ${JSON.stringify(asked)}`);
      const { account, ...verified } = await askDoor('verify', { link: await mailedLink() }, signal);
      const profile = account?.profiles[0];
      if (profile === undefined) throw new Error(`following the link came to ${JSON.stringify(verified)}`);
      const chosen = await askDoor('profile/choose', { profileId: profile.id }, signal);
      if (chosen.accessToken === undefined) throw new Error('the profile of a new account could not be chosen');
    },
    token: async () => (token === '' || needs.clock.nowMs() < useUntilMs ? token : refresh()),
    renew: async (refused) => (token !== '' && token !== refused ? token : ((await refresh()) ?? '')),
  };
}

function takeCookies(cookies: Map<string, string>, header: string | readonly string[] | undefined): void {
  for (const set of typeof header === 'string' ? [header] : (header ?? [])) {
    const [, name = '', value = ''] = /^([^=;]+)=([^;]*)/.exec(set) ?? [];
    if (value === '') cookies.delete(name);
    else if (cookies.size < COOKIES_MAX) cookies.set(name, value);
  }
}
