import { CallError } from '../api/call-error.ts';

/** The endpoints of identity's door (services/identity/README.md). */
export type SessionEndpoint =
  | 'sign-up'
  | 'verify'
  | 'sign-in'
  | 'refresh'
  | 'sign-out'
  | 'sign-out-everywhere'
  | 'reset-request'
  | 'reset'
  | 'passkey/register-options'
  | 'passkey/register'
  | 'passkey/sign-in-options'
  | 'passkey/sign-in'
  | 'profile/choose'
  | 'pin';

export type Profile = {
  readonly id: string;
  readonly name: string;
  readonly picture: string;
  readonly language: string;
  readonly maturityMax: number;
  readonly isKids: boolean;
  readonly hasPin: boolean;
  readonly isOwner: boolean;
};

export type Account = {
  readonly id: string;
  readonly email: string;
  readonly country: string;
  readonly language: string;
  readonly isOperator: boolean;
  readonly hasAccountPin: boolean;
  readonly createdAtMs: number;
  readonly profiles: readonly Profile[];
};

export type Grant = {
  readonly kind: 'signed_in';
  readonly accessToken: string;
  readonly expiresAtMs: number;
  readonly deviceId: string;
  /** Empty until one is chosen. */
  readonly profileId: string;
  readonly account: Account;
};

export type SessionRefusal = {
  readonly kind: 'refused';
  /** Of REFUSALS (@bioscope/identity/contract). */
  readonly because: string;
  readonly field: string;
  readonly retryAfterMs: number;
};

export type SessionAnswer =
  | Grant
  | { readonly kind: 'mail_sent' }
  | { readonly kind: 'email_changed'; readonly email: string }
  | { readonly kind: 'signed_out' }
  | { readonly kind: 'options'; readonly options: unknown }
  | SessionRefusal;

/** Asks the door. Rejects with `CallError` when it cannot be reached. Is not repeated: few of these may be sent twice. */
export type AskDoor = (endpoint: SessionEndpoint, body: object) => Promise<SessionAnswer>;

/** Two password hashes on a busy server take seconds. */
const DEADLINE_MS = 15_000;

export function createSessionDoor(fetch: (url: string, init: RequestInit) => Promise<Response>): AskDoor {
  return async (endpoint, body) => {
    const signal = AbortSignal.timeout(DEADLINE_MS);
    try {
      const response = await fetch(`/session/${endpoint}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-bioscope-app': '1' },
        body: JSON.stringify(body),
        signal,
      });
      return readAnswer(await response.json(), response.headers.get('x-request-id') ?? '');
    } catch (cause) {
      if (cause instanceof CallError) throw cause;
      const failure = signal.aborted ? 'slow' : cause instanceof TypeError ? 'offline' : 'broken';
      throw new CallError(`the session door did not answer ${endpoint}`, { failure, cause });
    }
  };
}

function readAnswer(answer: unknown, requestId: string): SessionAnswer {
  const broken = (): CallError => new CallError('the session door answered something else', { failure: 'broken', requestId });
  if (typeof answer !== 'object' || answer === null) throw broken();
  // Written by the door of the same release (services/identity/src/door/answers.ts); what is missing reads as empty.
  const fields = answer as Readonly<Record<string, unknown>>;
  if (typeof fields['accessToken'] === 'string') return { ...(answer as Omit<Grant, 'kind'>), kind: 'signed_in' };
  if (typeof fields['refused'] === 'string') {
    const { refused: because, field = '', retryAfterMs = 0 } = answer as { refused: string; field?: string; retryAfterMs?: number };
    return { kind: 'refused', because, field, retryAfterMs };
  }
  if (fields['mailSent'] === true) return { kind: 'mail_sent' };
  if (fields['signedOut'] === true) return { kind: 'signed_out' };
  if (typeof fields['emailChanged'] === 'string') return { kind: 'email_changed', email: fields['emailChanged'] };
  if ('options' in fields) return { kind: 'options', options: fields['options'] };
  // The gateway's own refusals are shaped otherwise: the unit behind it is away.
  throw new CallError('the session door is away', { failure: fields['code'] === 'unavailable' ? 'busy' : 'broken', requestId });
}
