import { setTimeout as sleep } from 'node:timers/promises';
import { RpcError } from './error.ts';
import type { Injection } from './faults.ts';

/** Before a plain HTTP request leaves: waits, or rejects as the network would. What happens to a streamed answer is the mount's side to do. */
export async function fetchFaulty(injection: Injection, leftMs: number, signal: AbortSignal | undefined): Promise<void> {
  if (injection.delayMs > 0) await pause(Math.min(injection.delayMs, leftMs), signal);
  if (injection.effect === 'error') throw new RpcError(injection.code, 'a fault on purpose');
  if (injection.effect !== 'drop' && injection.effect !== 'half-open') return;
  await pause(leftMs - injection.delayMs, signal);
  throw new RpcError('deadline_exceeded', 'no answer, on purpose');
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(Math.max(0, ms), undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
}
