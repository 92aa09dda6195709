import assert from 'node:assert/strict';
import type { Injection, RpcFaults } from '@bioscope/rpc';
import { checkRule, RULES_MAX } from './check-rule.ts';
import { compileRules, jumpOf } from './compile-rules.ts';
import type { Matcher, Strike } from './compile-rules.ts';
import type { FaultRule, Self } from './rule.ts';

/** What is to go wrong in this process, now. Give it to `createRpcHost`, to the wrappers of stores and clock, and to the `chaos` unit. */
export type Faults = RpcFaults & {
  /** Adds or renews. Throws a RangeError that names every problem; then nothing changed. */
  put(rules: readonly FaultRule[], leaseMs: number): void;
  withdraw(ids: readonly string[]): void;
  withdrawAll(): void;
  list(): readonly Standing[];
  /** For the wrappers of the state ports. */
  atStore(point: { readonly callee: string; readonly caller: string; readonly method: string }): Strike | undefined;
  jumpMs(): number;
  close(): void;
};
export type Standing = { readonly rule: FaultRule; readonly leaseMsLeft: number; readonly hits: number };

/** Who orders faults must say so again within this: it is how long the worst of them outlives its controller. */
export const LEASE_MS_MAX = 60_000;

/** `nowMs` must be a clock that no fault can move, such as `performance.now`. */
export function createFaults(needs: { self: Self; random: () => number; nowMs: () => number }): Faults {
  const { self, random, nowMs } = needs;
  const standing = new Map<string, { rule: FaultRule; untilMs: number; hits: number }>();
  let matcher: Matcher = () => undefined;
  let jumpMs = 0;
  let isActive = false;
  let timer: NodeJS.Timeout | undefined;

  function changed(): void {
    const rules = [...standing.values()].map(({ rule }) => rule);
    matcher = compileRules(rules, self);
    jumpMs = jumpOf(rules, self);
    isActive = rules.length > 0;
    clearTimeout(timer);
    if (!isActive) return;
    const firstMs = Math.min(...[...standing.values()].map(({ untilMs }) => untilMs));
    timer = setTimeout(expire, Math.max(1, Math.ceil(firstMs - nowMs())));
    // Nobody stays alive for a fault.
    timer.unref();
  }

  function expire(): void {
    for (const [id, { untilMs }] of standing) if (untilMs <= nowMs()) standing.delete(id);
    changed();
  }

  /** A blocked event loop must not make a fault outlive its lease: it is looked at here too, not by the timer alone. */
  function strike(point: Parameters<Matcher>[0]): Strike | undefined {
    const found = matcher(point, random);
    const held = found === undefined ? undefined : standing.get(found.ruleId);
    if (found === undefined || held === undefined) return undefined;
    if (held.untilMs <= nowMs()) {
      expire();
      return matcher(point, random);
    }
    held.hits += 1;
    return found;
  }

  return {
    get isActive() {
      return isActive;
    },
    at: (point) => injectionOf(strike(point)),
    atStore: (point) => (isActive ? strike({ ...point, side: 'store', header: () => undefined }) : undefined),
    jumpMs: () => jumpMs,
    put(rules, leaseMs) {
      const problems = rules.flatMap((rule) => checkRule(rule).map((problem) => `rule "${rule.id}": ${problem}`));
      if (!(leaseMs > 0 && leaseMs <= LEASE_MS_MAX)) problems.push(`the lease of ${leaseMs} ms is not above 0 and at most ${LEASE_MS_MAX}`);
      if (new Set([...standing.keys(), ...rules.map(({ id }) => id)]).size > RULES_MAX) problems.push(`more than ${RULES_MAX} rules`);
      if (problems.length > 0) throw new RangeError(problems.join('; '));
      for (const rule of rules) standing.set(rule.id, { rule, untilMs: nowMs() + leaseMs, hits: standing.get(rule.id)?.hits ?? 0 });
      changed();
    },
    withdraw(ids) {
      for (const id of ids) standing.delete(id);
      changed();
    },
    withdrawAll() {
      standing.clear();
      changed();
    },
    list: () =>
      [...standing.values()]
        .map(({ rule, untilMs, hits }) => ({ rule, leaseMsLeft: untilMs - nowMs(), hits }))
        .filter(({ leaseMsLeft }) => leaseMsLeft > 0),
    close: () => clearTimeout(timer),
  };
}

function injectionOf(strike: Strike | undefined): Injection | undefined {
  if (strike === undefined) return undefined;
  const { effect, delayMs, code } = strike;
  assert(effect !== 'full' && effect !== 'jump', 'checked when the rule was put');
  return { effect, delayMs, code };
}
