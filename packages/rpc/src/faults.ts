import type { Code } from './port.ts';

/**
 * Faults on purpose (packages/chaos): where a call passes, somebody may say that it shall go wrong here. Without a `RpcFaults`, or while `isActive` is
 * false, nothing is asked and nothing is paid.
 */
export type RpcFaults = {
  readonly isActive: boolean;
  /** What befalls this call at this point; undefined: nothing. */
  at(point: FaultPoint): Injection | undefined;
};

export type FaultPoint = {
  /** `client`: before the request leaves, once per attempt. `server`: after the caller was admitted. */
  readonly side: 'client' | 'server';
  /** Unit names. */
  readonly caller: string;
  readonly callee: string;
  /** The method as the contract spells it (`StartSession`); of plain HTTP, the path below the unit. */
  readonly method: string;
  /** Of the request that this call is made for; undefined where there is none. */
  header(name: string): string | undefined;
};

export const INJECTIONS = ['pass', 'error', 'drop', 'half-open', 'corrupt', 'truncate', 'stale', 'duplicate'] as const;

/**
 * - `pass`: only the delay. `error`: answers `code`; the handler does not run.
 * - `drop`: no answer, the handler does not run. `half-open`: no answer, although the handler ran.
 * - `corrupt`: one byte of the answer is another. `truncate`: the second half of the answer is missing.
 * - `stale`: the answer that the same request got last while the fault was on. `duplicate`: the request arrives twice.
 */
export type Injection = { readonly delayMs: number; readonly effect: (typeof INJECTIONS)[number]; readonly code: Code };
