import type { RequestContext } from '@bioscope/rpc';

import type { BillingParts } from '../parts.ts';

/** How long a payment may keep its caller waiting: what goes on after that is found by asking again. */
export function waiting(
  { nowMs, log }: BillingParts,
  call: RequestContext,
): { call: RequestContext; nowMs: number; failed: (err: unknown) => void } {
  return {
    call,
    nowMs: nowMs(),
    failed: (err) => log.warn({ err }, 'a payment could not be brought on after its caller had gone; it is tried again'),
  };
}
