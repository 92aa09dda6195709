import type { FaultRule } from '../fault/rule.ts';
import type { Controller, Reach } from './controller.ts';

export type HeldRules = {
  /** Of the last order. */
  reach(): Reach;
  /** Ends the faults everywhere. Who cannot be told is healed by its lease. */
  end(): Promise<void>;
};

/** Three renewals may be lost before a fault ends early; ours ending first is the safe side. */
const RENEWALS_PER_LEASE = 4;
const RULE_LEASE_MS = 6_000;

/** Puts the rules and renews them until `end`, also in processes that are started meanwhile. Rejects when no process took them. */
export async function holdRules(
  controller: Pick<Controller, 'put' | 'withdraw'>,
  rules: readonly FaultRule[],
  { leaseMs = RULE_LEASE_MS }: { leaseMs?: number } = {},
): Promise<HeldRules> {
  let reach = await controller.put(rules, leaseMs);
  if (reach.reached.length === 0) throw new Error(`no process takes faults: were they started with BIOSCOPE_CHAOS=1?`);
  let renewing: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    // One that fails is as good as one that is lost: the next comes soon, and without any the faults end.
    renewing = controller.put(rules, leaseMs).then(
      (next) => void (reach = next),
      () => undefined,
    );
  }, leaseMs / RENEWALS_PER_LEASE);
  return {
    reach: () => reach,
    async end() {
      clearInterval(timer);
      await renewing;
      await controller.withdraw(rules.map(({ id }) => id));
    },
  };
}
