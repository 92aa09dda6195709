import { setTimeout as sleep } from 'node:timers/promises';
import { RpcError } from '@bioscope/rpc';
import type { RunningRpcHost } from '@bioscope/rpc';
import type { Logger } from '@bioscope/telemetry';
import type { RenewResponse } from '../../contract/index.ts';
import type { CopyInUse, UsedCopy } from './copy-in-use.ts';

/** Two renewals may be lost before a third is missed. */
const LEASE_MS = 3_000;
const RENEW_EVERY_MS = 1_000;
/** So that the next copy is told in time, even if the last renewal before this one was not handed on. */
const RENEW_DEADLINE_MS = 600;
const WITHDRAW_DEADLINE_MS = 500;
/** Copies that are asked to hand on a withdrawal before the lease is left to run out. */
const WITHDRAW_ATTEMPTS_MAX = 3;
/** Between the acknowledged withdrawal and the first refusal: callers are told within milliseconds, on a busy machine within tens of them. */
const NOTICE_MS = 200;
/** While no copy answers, doubling up to the usual pace: at start it is a matter of milliseconds, and later every process of a deployment asks at once. */
const RETRY_MS = 50;
const NEARER_EVERY_MS = 3_000;

export type LeaseRenewal = {
  /** Says that this process takes nothing new, and returns when callers know. */
  withdraw(): Promise<void>;
  stop(): Promise<void>;
};

/** Registers what serves, renews it each second, and leaves a copy that does not answer for the next. */
export function renewLeases(needs: { host: RunningRpcHost; copyInUse: CopyInUse; log: Logger }): LeaseRenewal {
  const { host, copyInUse, log } = needs;
  const stopped = new AbortController();
  const since = new Map<string, number>();
  const nextSequence = createSequence();
  let woken = new AbortController();
  let silentSinceMs: number | undefined;
  let isTold = false;
  let nearerAtMs = 0;
  let round = 0;
  let failures = 0;
  const forget = host.onServing(() => woken.abort());

  /** Without units that serve the copy is only asked whether it is there. */
  async function renewAt(copy: Pick<UsedCopy, 'as'>): Promise<readonly RenewResponse[]> {
    const { instanceId, address, zone, region } = host;
    const load = host.load();
    const options = { deadlineMs: RENEW_DEADLINE_MS, signal: stopped.signal };
    const sequence = nextSequence();
    const renewals = host.serving().map((service) => {
      const instance = { service, instanceId, address, zone, region, load, upMs: upMs(service) };
      return copy.as(service).renew({ instances: [instance], leaseMs: LEASE_MS, sequence }, options);
    });
    const [unit = ''] = host.units;
    return Promise.all(renewals.length > 0 ? renewals : [copy.as(unit).renew({}, options)]);
  }

  /** What a copy cannot hand on, its peers are told directly, as far as they are in reach: one in each round, who tells the others. */
  function tellToo(addresses: readonly string[]): void {
    const address = addresses[round % addresses.length];
    if (address !== undefined) void renewAt(copyInUse.at(address)).catch(() => undefined);
  }

  function upMs(service: string): number {
    const nowMs = performance.now();
    const startedMs = since.get(service) ?? nowMs;
    since.set(service, startedMs);
    return nowMs - startedMs;
  }

  async function renew(): Promise<boolean> {
    const copy = copyInUse.current();
    if (copy === undefined) return false;
    try {
      const answers = await renewAt(copy);
      note(true, undefined);
      tellToo(answers[0]?.cutOffFrom ?? []);
      if (answers.some((answer) => !answer.ready)) copyInUse.leave(copy);
      return true;
    } catch (fault) {
      if (stopped.signal.aborted) return false;
      note(false, fault);
      if (isSilence(fault)) copyInUse.leave(copy);
      return false;
    }
  }

  /** A process that is busy with itself for a moment renews late, and nothing is lost by it; what lasts longer than a lease is worth a line. */
  function note(now: boolean, fault: unknown): void {
    if (now) {
      if (isTold) log.info({}, 'discovery answers again');
      silentSinceMs = undefined;
      isTold = false;
      return;
    }
    silentSinceMs ??= performance.now();
    if (isTold || performance.now() - silentSinceMs < LEASE_MS) return;
    isTold = true;
    log.warn({ err: fault }, 'discovery does not answer; going on with the last picture');
  }

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      woken = new AbortController();
      round += 1;
      const beganMs = performance.now();
      const well = await renew();
      failures = well ? 0 : failures + 1;
      const backOffMs = Math.min(RETRY_MS * 2 ** (failures - 1), RENEW_EVERY_MS) * (0.5 + Math.random() / 2);
      const pauseMs = well ? Math.max(RETRY_MS, beganMs + RENEW_EVERY_MS - performance.now()) : backOffMs;
      const signal = AbortSignal.any([stopped.signal, woken.signal]);
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
      if (performance.now() < nearerAtMs) continue;
      nearerAtMs = performance.now() + NEARER_EVERY_MS;
      // Beside the renewals: an answer that does not come must not hold them up.
      void copyInUse.tryNearer(stopped.signal);
    }
  }

  async function withdrawAt(copy: UsedCopy): Promise<boolean> {
    const { instanceId } = host;
    const sequence = nextSequence();
    const withdrawals = host
      .serving()
      .map((unit) => copy.as(unit).withdraw({ instanceId, sequence }, { deadlineMs: WITHDRAW_DEADLINE_MS, idempotent: true }));
    const outcomes = await Promise.allSettled(withdrawals);
    return outcomes.every((outcome) => outcome.status === 'fulfilled');
  }

  const running = run();
  const stop = async (): Promise<void> => {
    forget();
    stopped.abort();
    await running;
  };
  return {
    async withdraw() {
      await stop();
      if (host.serving().length === 0) return;
      for (let attempt = 0; attempt < WITHDRAW_ATTEMPTS_MAX; attempt += 1) {
        const copy = copyInUse.current();
        if (copy === undefined) return;
        if (await withdrawAt(copy)) return sleep(NOTICE_MS);
        copyInUse.leave(copy);
      }
    },
    stop,
  };
}

/** Grows, also over a clock that is set back; begins with the time, so that a process at the same address as one that died before is the later one. */
function createSequence(): () => number {
  let last = 0;
  return () => (last = Math.max(last + 1, Date.now()));
}

/** Another copy might answer; a refusal would be the same everywhere. */
function isSilence(fault: unknown): boolean {
  return !(fault instanceof RpcError) || (fault.code !== 'invalid_argument' && fault.code !== 'resource_exhausted');
}
