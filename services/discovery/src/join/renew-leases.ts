import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningRpcHost } from '@bioscope/rpc';
import type { Logger } from '@bioscope/telemetry';
import { DiscoveryService } from '../../contract/index.ts';

/** Two renewals may be lost before a third is missed. */
const LEASE_MS = 3_000;
const RENEW_EVERY_MS = 1_000;
const RENEW_DEADLINE_MS = 900;
const WITHDRAW_DEADLINE_MS = 500;
/** While discovery does not answer: at start it is a matter of milliseconds. */
const RETRY_MS = 100;

export function renewLeases({ host, log }: { host: RunningRpcHost; log: Logger }): { withdraw(): Promise<void>; stop(): Promise<void> } {
  const stopped = new AbortController();
  let woken = new AbortController();
  let answered: boolean | undefined;
  const forget = host.onServing(() => woken.abort());

  async function renew(unit: string, load: number): Promise<void> {
    const { instanceId, address, zone, region } = host;
    const instances = [{ service: unit, instanceId, address, zone, region, load }];
    await host
      .as(unit)
      .client(DiscoveryService)
      .renew({ instances, leaseMs: LEASE_MS }, { deadlineMs: RENEW_DEADLINE_MS, signal: stopped.signal });
  }

  async function renewAll(): Promise<boolean> {
    const load = host.load();
    const outcomes = await Promise.allSettled(host.serving().map((unit) => renew(unit, load)));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    const now = failed === undefined;
    // At the first start discovery may come up after us; only a change is worth a line.
    if (answered === true && !now && !stopped.signal.aborted)
      log.warn({ err: failed.reason }, 'discovery does not answer; going on with the last picture');
    if (answered === false && now) log.info({}, 'discovery answers');
    answered = now;
    return now;
  }

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      woken = new AbortController();
      const well = await renewAll();
      const signal = AbortSignal.any([stopped.signal, woken.signal]);
      await sleep(well ? RENEW_EVERY_MS : RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
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
      const { instanceId } = host;
      const withdrawals = host
        .serving()
        .map((unit) =>
          host.as(unit).client(DiscoveryService).withdraw({ instanceId }, { deadlineMs: WITHDRAW_DEADLINE_MS, idempotent: true }),
        );
      await Promise.allSettled(withdrawals);
    },
    stop,
  };
}
