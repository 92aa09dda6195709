import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Faults } from './faults.ts';
import type { Strike } from './compile-rules.ts';

export type StoreCall<T> = {
  readonly callee: 'kv' | 'log' | 'blob';
  /** Namespace, topic; `''` where there is none. */
  readonly caller: string;
  readonly method: string;
  readonly isWrite: boolean;
  readonly deadlineMs: number;
  run(): Promise<T>;
  /** The port's own error for what happened. */
  fault(kind: StoreTrouble): Error;
};
/** `unavailable`: nothing happened. `deadline`: nobody knows whether it did. `full`: no room, nothing was written. */
export type StoreTrouble = 'unavailable' | 'deadline' | 'full';

/** A call of a state port, with whatever the rules have for it. */
export async function underStrike<T>(faults: Faults, call: StoreCall<T>): Promise<T> {
  const strike = faults.atStore(call);
  return strike === undefined ? call.run() : suffer(strike, call);
}

async function suffer<T>(strike: Strike, call: StoreCall<T>): Promise<T> {
  if (strike.delayMs >= call.deadlineMs) {
    await sleep(call.deadlineMs);
    throw call.fault('deadline');
  }
  if (strike.delayMs > 0) await sleep(strike.delayMs);
  switch (strike.effect) {
    case 'error':
      throw call.fault(strike.code === 'deadline_exceeded' ? 'deadline' : strike.code === 'resource_exhausted' ? 'full' : 'unavailable');
    case 'full':
      if (call.isWrite) throw call.fault('full');
      return call.run();
    case 'half-open':
      await call.run();
      await sleep(call.deadlineMs - strike.delayMs);
      throw call.fault('deadline');
    case 'drop':
      await sleep(call.deadlineMs - strike.delayMs);
      throw call.fault('deadline');
    case 'pass':
      return call.run();
    case 'corrupt':
    case 'truncate':
    case 'stale':
    case 'duplicate':
    case 'jump':
      return assert.fail(`"${strike.effect}" cannot be put on this side`);
    default:
      return strike.effect satisfies never;
  }
}
