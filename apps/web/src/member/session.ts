import { CallError } from '../api/call-error.ts';
import type { Bearer } from '../api/bearer.ts';
import type { Account, AskDoor, Grant, Profile, SessionAnswer, SessionEndpoint } from './session-door.ts';

/** Who sits in front of the screen. */
export type Who =
  /** Not known yet. */
  | { readonly kind: 'opening' }
  /** Not to be known now: the door does not answer. */
  | { readonly kind: 'unreachable'; readonly error: CallError }
  /** `expired` when somebody was signed in here until now. */
  | { readonly kind: 'visitor'; readonly expired: boolean }
  | {
      readonly kind: 'member';
      readonly account: Account;
      readonly profile: Profile | null;
      readonly deviceId: string;
      /** The token says that password, passkey or account PIN were given a short while ago. */
      readonly proven: boolean;
    };

/** Changes whenever somebody else sits here: what one of a household was shown is not for the others. */
export function audienceOf(who: Who): string {
  return who.kind === 'member' ? `${who.account.id}/${who.profile?.id ?? ''}` : who.kind;
}

export type MemberSession = Bearer & {
  readonly who: () => Who;
  readonly subscribe: (changed: () => void) => () => void;
  /** Finds out who sits here, from what the browser kept. Never rejects. */
  open(): Promise<void>;
  /** Asks the session door; what it grants counts from then on. Rejects with `CallError` when it cannot be reached. */
  ask(endpoint: SessionEndpoint, body?: object): Promise<SessionAnswer>;
  /** Takes over an account that the graph answered with after a change. */
  accountChanged(account: Account): void;
  /** Another tab of this browser signed in or out, or chose another profile. */
  changedElsewhere(mark: string | null): void;
};

export type SessionNeeds = {
  readonly askDoor: AskDoor;
  readonly nowMs: () => number;
  /** Runs one after the other in all tabs of the browser. */
  readonly exclusively: <T>(run: () => Promise<T>) => Promise<T>;
  /** Remembers beyond this page that somebody is signed in here; the secret itself is in a cookie that scripts cannot read. */
  readonly mark: { read(): string | null; write(mark: string | null): void };
  readonly device: { readonly id: string; readonly name: string; readonly kind: string };
};

/** A token is replaced this long before it ends: a request with it still gets through. */
const SPARE_MS = 45_000;
/** However wrong the clock of the device: a token is used for at least, and at most, this long. What the service refuses is renewed anyway. */
const USED_MS_MIN = 60_000;
const USED_MS_MAX = 9 * 60_000;

/** What is answered with a token of the strongest proof; the next one has less. */
const PROVING: readonly SessionEndpoint[] = ['verify', 'sign-in', 'reset', 'passkey/sign-in', 'pin'];

export function createMemberSession(needs: SessionNeeds): MemberSession {
  const { askDoor, mark, nowMs } = needs;
  const listeners = new Set<() => void>();
  let who: Who = { kind: 'opening' };
  let token = '';
  let useUntilMs = 0;
  let refreshing: Promise<string> | undefined;

  const become = (next: Who): void => {
    who = next;
    for (const changed of listeners) changed();
  };
  const take = (grant: Grant, endpoint: SessionEndpoint): void => {
    token = grant.accessToken;
    const now = nowMs();
    useUntilMs = now + Math.min(Math.max(grant.expiresAtMs - now - SPARE_MS, USED_MS_MIN), USED_MS_MAX);
    const { account, profileId, deviceId } = grant;
    const profile = account.profiles.find(({ id }) => id === profileId) ?? null;
    const next: Who = { kind: 'member', account, profile, deviceId, proven: PROVING.includes(endpoint) };
    mark.write(audienceOf(next));
    become(next);
  };
  const leave = (expired: boolean): void => {
    token = '';
    mark.write(null);
    become({ kind: 'visitor', expired });
  };
  const settle = (answer: SessionAnswer, endpoint: SessionEndpoint): SessionAnswer => {
    if (answer.kind === 'signed_in') take(answer, endpoint);
    if (answer.kind === 'signed_out') leave(false);
    if (answer.kind === 'email_changed') void lookAgain();
    if (answer.kind === 'refused' && answer.because === 'signed_out') leave(who.kind === 'member' || endpoint === 'refresh');
    return answer;
  };
  const refresh = (): Promise<string> => {
    refreshing ??= needs
      .exclusively(() => askDoor('refresh', {}))
      .then((answer) => {
        settle(answer, 'refresh');
        // Too much at once, say: nobody is signed out by that.
        if (answer.kind === 'refused' && answer.because !== 'signed_out')
          throw new CallError(`the session was not renewed: ${answer.because}`, { failure: 'busy', code: answer.because });
        return token;
      })
      .finally(() => {
        refreshing = undefined;
      });
    return refreshing;
  };

  /** Whose address it was is not said: it may be the one of who is signed in here, and may have changed while that was asked for. */
  const lookAgain = async (): Promise<void> => {
    try {
      await refreshing;
      if (who.kind === 'member') await refresh();
    } catch {
      // The old address is shown a little longer.
    }
  };

  return {
    who: () => who,
    subscribe(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    async open() {
      if (mark.read() === null) {
        become({ kind: 'visitor', expired: false });
        return;
      }
      try {
        await refresh();
      } catch (cause) {
        become({
          kind: 'unreachable',
          error: cause instanceof CallError ? cause : new CallError('no session', { failure: 'broken', cause }),
        });
      }
    },
    ask: async (endpoint, body = {}) => settle(await askDoor(endpoint, { device: needs.device, ...body }), endpoint),
    accountChanged(account) {
      if (who.kind !== 'member') return;
      const chosen = who.profile?.id;
      become({ ...who, account, profile: account.profiles.find(({ id }) => id === chosen) ?? null });
    },
    changedElsewhere(other) {
      const own = who.kind === 'member' ? audienceOf(who) : null;
      if (other === own || who.kind === 'opening') return;
      if (other === null) leave(false);
      // Of no consequence when it fails: the next call with the old token says so.
      else void refresh().catch(() => undefined);
    },
    token() {
      if (who.kind === 'visitor' || (token !== '' && nowMs() < useUntilMs)) return token;
      return refresh();
    },
    async renew(refused) {
      if (token !== '' && token !== refused) return token;
      return refresh();
    },
  };
}
