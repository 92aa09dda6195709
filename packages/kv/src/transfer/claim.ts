import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { KvFault, type KvStore } from '../port.ts';
import { bytes, utf8 } from '../text.ts';
import { newToken } from '../token.ts';
import { type TransferDestination, TRANSFERS } from './transfer-parts.ts';

/** What the destination remembers of the move into it. */
export type TransferState = {
  readonly source: string;
  readonly state: 'copying' | 'settled';
  readonly startedAtMs: number;
  readonly settledAtMs: number | null;
  /** Per namespace of streams: up to which position of the source the events are in. */
  readonly positions: Readonly<Record<string, number>>;
  /** What others who move something along keep here: up to a few kilobytes. */
  readonly notes: Readonly<Record<string, string>>;
};

export type Claim = {
  state(): TransferState;
  change(next: (state: TransferState) => TransferState): Promise<void>;
  /** Aborts when somebody else may be moving into the destination. */
  readonly signal: AbortSignal;
  release(): Promise<void>;
};

/** How a destination came to hold what it holds: null when nothing was moved into it. */
export async function readTransferState(kv: Pick<KvStore, 'registers'>): Promise<TransferState | null> {
  const register = await kv.registers.read(MARKER);
  return register === null ? null : parse(register.value);
}

/**
 * Makes the destination the place where this source, and nothing else, is moved to; one mover at a time. Rejects with `KV_BAD_REQUEST` when the destination is in
 * use, filled from another source, or settled; with `KV_UNAVAILABLE` when another mover is at work. `waiting` is called when a mover that died lately must be waited out.
 */
export async function claimDestination(
  destination: TransferDestination,
  { source, clock, waiting, signal }: { source: string; clock: () => number; waiting: () => void; signal: AbortSignal },
): Promise<Claim> {
  const { registers } = destination;
  const before = await readTransferState(destination);
  refuseOther(before, source);
  if (before === null && !(await destination.transfer.isEmpty()))
    throw new KvFault('KV_BAD_REQUEST', 'the destination already holds data that was not moved there: choose an empty keyspace');

  const holder = randomUUID();
  const fence = await takeLease(registers, holder, waiting, signal);
  const lost = new AbortController();
  const renewing = keepLease(registers, { holder, fence }, lost);
  const release = async (): Promise<void> => {
    clearInterval(renewing);
    await registers.releaseLease({ ...MARKER, holder, fence }).catch(() => {});
  };
  try {
    const made: TransferState = { source, state: 'copying', startedAtMs: clock(), settledAtMs: null, positions: {}, notes: {} };
    await registers.create({ ...MARKER, value: bytes(JSON.stringify(made)), commandId: newToken().nonce });
    let current = await readMarker(registers);
    refuseOther(current.state, source);
    return {
      state: () => current.state,
      async change(next) {
        const state = next(current.state);
        const value = bytes(JSON.stringify(state));
        const set = await registers.compareAndSet({ ...MARKER, expectedVersion: current.version, value, commandId: newToken().nonce });
        if (set.kind === 'conflict') throw new KvFault('KV_UNAVAILABLE', 'another process is moving into this destination too');
        current = { state, version: set.version };
      },
      signal: AbortSignal.any([signal, lost.signal]),
      release,
    };
  } catch (error) {
    await release();
    throw error;
  }
}

function refuseOther(state: TransferState | null, source: string): void {
  if (state === null) return;
  if (state.source !== source)
    throw new KvFault(
      'KV_BAD_REQUEST',
      `another ${state.source} was moved to this destination${state.state === 'copying' ? ' in part' : ''}: choose an empty keyspace`,
    );
  if (state.state === 'settled')
    throw new KvFault(
      'KV_BAD_REQUEST',
      `this ${source} was moved there completely at ${new Date(state.settledAtMs ?? 0).toISOString()}: what happened there since must not be overwritten`,
    );
}

async function takeLease(registers: KvStore['registers'], holder: string, waiting: () => void, signal: AbortSignal): Promise<number> {
  const end = performance.now() + LEASE_MS * 3;
  for (let attempt = 0; ; attempt += 1) {
    const answer = await registers.acquireLease({ ...MARKER, holder, ttlMs: LEASE_MS });
    if (answer.kind === 'held') return answer.fence;
    if (attempt === 0) waiting();
    if (performance.now() > end)
      throw new KvFault('KV_UNAVAILABLE', 'another process is moving into this destination: wait for it or stop it');
    await pause(LEASE_LOOK_MS, undefined, { signal });
  }
}

function keepLease(registers: KvStore['registers'], held: { holder: string; fence: number }, lost: AbortController): NodeJS.Timeout {
  let sureUntil = performance.now() + LEASE_MS;
  const renew = async (): Promise<void> => {
    const sentAt = performance.now();
    const answer = await registers.renewLease({ ...MARKER, ...held, ttlMs: LEASE_MS }, { deadlineMs: LEASE_MS / 2 }).catch(() => null);
    if (answer?.kind === 'renewed') sureUntil = sentAt + LEASE_MS;
    if (answer?.kind === 'lost' || performance.now() > sureUntil)
      lost.abort(new KvFault('KV_UNAVAILABLE', 'the destination could not be kept for this move: run it again'));
  };
  const timer = setInterval(() => void renew(), LEASE_MS / 4);
  timer.unref();
  return timer;
}

async function readMarker(registers: KvStore['registers']): Promise<{ state: TransferState; version: number }> {
  const register = await registers.read(MARKER);
  if (register === null) throw new KvFault('KV_UNAVAILABLE', 'somebody removed the mark of this move from the destination');
  return { state: parse(register.value), version: register.version };
}

function parse(value: Uint8Array): TransferState {
  return JSON.parse(utf8(value)) as TransferState;
}

const MARKER = { namespace: TRANSFERS, name: 'destination' };
const LEASE_MS = 12_000;
const LEASE_LOOK_MS = 500;
