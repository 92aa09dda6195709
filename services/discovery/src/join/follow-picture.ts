import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Picture, RunningRpcHost } from '@bioscope/rpc';
import type { WatchResponse } from '../../contract/index.ts';
import { createKnownInstances } from '../domain/known-instances.ts';
import type { News } from '../domain/known-instances.ts';
import { instanceFromMessage } from '../peers/messages.ts';
import type { CopyInUse } from './copy-in-use.ts';

const WAIT_MS = 20_000;
/** How much longer than the wait an answer may take. Who falls silent is noticed by the renewals, much earlier. */
const GRACE_MS = 3_000;
const RETRY_MS = 50;
const RETRY_MS_MAX = 1_000;

/** Keeps the picture up to date by long polls. While nobody answers it stays as it is. */
export function followPicture(needs: { host: RunningRpcHost; picture: Picture; copyInUse: CopyInUse }): { stop(): Promise<void> } {
  const { host, picture, copyInUse } = needs;
  const [unit] = host.units;
  assert(unit !== undefined, 'a process without units has nobody to ask as');
  const heard = createKnownInstances();
  const stopped = new AbortController();
  let failures = 0;

  /** False when there is nobody to ask, or who is asked does not answer. */
  async function watch(): Promise<boolean> {
    const copy = copyInUse.current();
    if (copy === undefined) return false;
    const keptUntilMs = heard.keptUntilMs() ?? Infinity;
    const waitMs = Math.min(WAIT_MS, Math.max(1, Math.ceil(keptUntilMs - performance.now())));
    const request = { knownCopy: heard.known.copy, knownVersion: heard.known.version, waitMs };
    const options = { deadlineMs: waitMs + GRACE_MS, signal: AbortSignal.any([stopped.signal, copy.left]) };
    try {
      heard.take(newsOf(await copy.as(unit ?? '').watch(request, options)), performance.now());
      picture.replace(heard.instances(performance.now()));
      return true;
    } catch {
      // renewLeases logs it.
      if (stopped.signal.aborted || copy.left.aborted) return true;
      copyInUse.leave(copy);
      return false;
    }
  }

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      failures = (await watch()) ? 0 : failures + 1;
      if (failures === 0) continue;
      const pauseMs = Math.min(RETRY_MS * 2 ** (failures - 1), RETRY_MS_MAX) * (0.5 + Math.random() / 2);
      await sleep(pauseMs, undefined, { signal: stopped.signal }).catch(() => undefined);
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

function newsOf({ copy, version, whole, instances, gone }: WatchResponse): News {
  return { copy, version, isWhole: whole, instances: instances.map(instanceFromMessage), gone };
}
