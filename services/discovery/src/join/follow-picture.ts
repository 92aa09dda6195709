import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Instance, Picture, RunningRpcHost } from '@bioscope/rpc';
import { DiscoveryService } from '../../contract/index.ts';

const WAIT_MS = 20_000;
/** How much longer than the wait an answer may take. */
const GRACE_MS = 3_000;
/** A registry that starts empty hears of everybody within one lease (3 s): until then those it does not name yet are kept. */
const KEEP_MS = 4_000;
const RETRY_MS = 100;
const RETRY_MS_MAX = 1_000;

/** Keeps the picture up to date by long polls. */
export function followPicture({ host, picture }: { host: RunningRpcHost; picture: Picture }): { stop(): Promise<void> } {
  const [unit] = host.units;
  assert(unit !== undefined, 'a process without units has nobody to ask as');
  const client = host.as(unit).client(DiscoveryService);
  const stopped = new AbortController();

  async function pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: stopped.signal }).catch(() => undefined);
  }

  async function run(): Promise<void> {
    let knownVersion = 0;
    let latest: readonly Instance[] = [];
    let kept: readonly Instance[] = [];
    let keepUntilMs = 0;
    let failures = 0;
    while (!stopped.signal.aborted) {
      const keepMs = keepUntilMs - performance.now();
      const waitMs = kept.length > 0 ? Math.min(WAIT_MS, Math.max(1, Math.ceil(keepMs))) : WAIT_MS;
      try {
        const answer = await client.watch({ knownVersion, waitMs }, { deadlineMs: waitMs + GRACE_MS, signal: stopped.signal });
        if (failures > 0) {
          kept = [...latest, ...kept];
          keepUntilMs = performance.now() + KEEP_MS;
        }
        failures = 0;
        const isNews = answer.version !== knownVersion;
        knownVersion = answer.version;
        latest = answer.instances;
        if (performance.now() >= keepUntilMs) kept = [];
        picture.replace(withKept(latest, kept));
        // A registry that is draining, or has too many watchers, answers at once with nothing new.
        if (!isNews) await pause(RETRY_MS);
      } catch {
        // Whatever it is, the picture stays, and discovery may be back in a moment. renewLeases logs it.
        failures += 1;
        await pause(Math.min(RETRY_MS * 2 ** (failures - 1), RETRY_MS_MAX) * (0.5 + Math.random() / 2));
      }
    }
  }

  const running = run();
  return {
    async stop() {
      stopped.abort();
      await running;
    },
  };
}

function withKept(latest: readonly Instance[], kept: readonly Instance[]): readonly Instance[] {
  const named = new Set(latest.map(nameOf));
  const missing = new Map(kept.filter((instance) => !named.has(nameOf(instance))).map((instance) => [nameOf(instance), instance]));
  return [...latest, ...missing.values()];
}

function nameOf(instance: Instance): string {
  return `${instance.service} ${instance.instanceId}`;
}
