import { CallError, failureOf } from './call-error.ts';
import type { Device } from './device.ts';
import { numberOf, readFault, textOf } from './fault-body.ts';

/** What somebody has who came in. */
export type Entrance = { readonly token: string; readonly expiresAtMs: number };

export type DoorAnswer =
  | { kind: 'entered'; entrance: Entrance }
  /** `message` is for people; `field` names the part of the form, or is empty. */
  | { kind: 'refused'; code: string; message: string; field: string };

export type Credentials = { readonly email: string; readonly password: string };
export type NewOperator = Credentials & {
  readonly secret: string;
  readonly name: string;
  readonly country: string;
  readonly language: string;
};

/** Identity's `/session` on the console's own host: its cookie is no other host's. Everything rejects with `CallError` when there is no answer. */
export type SessionDoor = {
  readonly signIn: (credentials: Credentials) => Promise<DoorAnswer>;
  /** Makes an operator's account with the secret of a link that works once. */
  readonly redeemInvite: (account: NewOperator) => Promise<DoorAnswer>;
  readonly refresh: () => Promise<DoorAnswer>;
  readonly signOut: () => Promise<void>;
};

export type DoorNeeds = {
  readonly origin: string;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly device: Device;
};

/** Hashing a password takes its time on a busy machine. */
const DEADLINE_MS = 15_000;

export function createSessionDoor({ origin, fetch, device }: DoorNeeds): SessionDoor {
  async function post(path: string, body: object): Promise<Response> {
    try {
      return await fetch(`${origin}/session/${path}`, {
        method: 'POST',
        // No form and no link of another page can send this header.
        headers: { 'content-type': 'application/json', 'x-bioscope-app': 'console' },
        credentials: 'same-origin',
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(DEADLINE_MS),
      });
    } catch (cause) {
      throw new CallError('sign-in could not be asked', { failure: 'offline', cause });
    }
  }

  async function enter(path: string, body: object): Promise<DoorAnswer> {
    const response = await post(path, body);
    if (!response.ok) return refusalOf(response);
    const answer: unknown = await response.json().catch(() => null);
    const entrance = { token: textOf(answer, 'accessToken'), expiresAtMs: numberOf(answer, 'expiresAtMs') };
    if (entrance.token === '') throw new CallError('sign-in answered something this page does not understand', { failure: 'broken' });
    if (isOperator(answer)) return { kind: 'entered', entrance };
    // The door lets every member in; what is behind it would refuse each call. The cookie must not stay.
    await post('sign-out', {}).catch(() => undefined);
    return { kind: 'refused', code: 'no_operator', message: 'This account is a member’s, and no operator’s.', field: '' };
  }

  return {
    signIn: (credentials) => enter('sign-in', { ...credentials, device }),
    redeemInvite: ({ secret, ...account }) => enter('invite', { ...account, link: secret, device }),
    refresh: () => enter('refresh', {}),
    async signOut() {
      await post('sign-out', {});
    },
  };
}

async function refusalOf(response: Response): Promise<DoorAnswer> {
  const { code, message, field } = await readFault(response);
  // 503 is a refusal in form only: who waits may be let in.
  const isAnswer = code !== '' && response.status < 500 && code !== 'not_found';
  if (isAnswer) return { kind: 'refused', code, message, field };
  throw new CallError(message || `sign-in answered ${response.status}`, {
    failure: failureOf(response.status, ''),
    requestId: response.headers.get('x-request-id') ?? '',
  });
}

function isOperator(answer: unknown): boolean {
  const account: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'account') : null;
  return typeof account === 'object' && account !== null && Reflect.get(account, 'isOperator') === true;
}
