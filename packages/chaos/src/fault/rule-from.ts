import type { FaultRule, What, Where, Who } from './rule.ts';

/** A rule for tests and for those who write few fields: everything, always. */
export function ruleFrom(
  id: string,
  { where, what, who, share }: { where?: Partial<Where>; what?: Partial<What>; who?: Who; share?: number },
): FaultRule {
  return {
    id,
    where: { side: 'server', callers: [], callees: [], methods: [], regions: [], zones: [], groups: [], ...where },
    who: who ?? {},
    share: share ?? 1,
    what: { effect: 'error', delayMs: 0, delayMsMax: 0, code: 'unavailable', jumpMs: 0, ...what },
  };
}
