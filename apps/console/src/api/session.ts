import { CallError } from './call-error.ts';
import type { Entrance, SessionDoor } from './session-door.ts';

export type SessionState =
  /** Not known yet: the cookie is being shown to the door. */
  | { kind: 'opening' }
  | { kind: 'signed_out' }
  /** The door does not answer; whether somebody is signed in is not known. */
  | { kind: 'closed'; error: CallError }
  | { kind: 'signed_in' };

/** Who uses this page. The access token lives in memory only; the refresh token in a cookie that no script can read. */
export type Session = {
  readonly state: () => SessionState;
  readonly subscribe: (changed: () => void) => () => void;
  /** Shows the cookie to the door. Never rejects: `state` tells. */
  readonly open: () => Promise<void>;
  /** A token that is good for a while, renewed when needed. Rejects with `CallError`. */
  readonly token: () => Promise<string>;
  /** Fetches a new token although this one is not over. Rejects with `CallError`. */
  readonly renew: () => Promise<void>;
  /** Somebody came in through the door. */
  readonly enter: (entrance: Entrance) => void;
  readonly signOut: () => Promise<void>;
};

export type SessionNeeds = {
  readonly door: Pick<SessionDoor, 'refresh' | 'signOut'>;
  readonly nowMs: () => number;
  /** Runs alone among all tabs of the browser: they share one refresh token, which changes with each use. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
};

/** A token that ends while a call is under way is worth nothing. */
const SPARE_MS = 30_000;

export function createSession({ door, nowMs, alone }: SessionNeeds): Session {
  let state: SessionState = { kind: 'opening' };
  let current: Entrance | null = null;
  let renewing: Promise<void> | null = null;
  const listeners = new Set<() => void>();

  function become(next: SessionState): void {
    state = next;
    if (next.kind !== 'signed_in') current = null;
    for (const listener of listeners) listener();
  }

  function enter(entrance: Entrance): void {
    current = entrance;
    become({ kind: 'signed_in' });
  }

  async function refresh(): Promise<void> {
    const answer = await alone(() => door.refresh());
    if (answer.kind === 'entered') return enter(answer.entrance);
    become({ kind: 'signed_out' });
    throw new CallError(answer.message, { failure: 'forbidden' });
  }

  /** One at a time, whoever asks. */
  function renew(): Promise<void> {
    renewing ??= refresh().finally(() => (renewing = null));
    return renewing;
  }

  return {
    state: () => state,
    subscribe(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    async open() {
      if (state.kind === 'closed') become({ kind: 'opening' });
      await renew().catch((error: unknown) => {
        if (error instanceof CallError && error.failure !== 'forbidden') become({ kind: 'closed', error });
      });
    },
    async token() {
      if (current === null || current.expiresAtMs - nowMs() < SPARE_MS) await renew();
      if (current === null) throw new CallError('nobody is signed in', { failure: 'forbidden' });
      return current.token;
    },
    renew,
    enter,
    async signOut() {
      // Whatever the door says: this page forgets.
      await door.signOut().catch(() => undefined);
      become({ kind: 'signed_out' });
    },
  };
}
