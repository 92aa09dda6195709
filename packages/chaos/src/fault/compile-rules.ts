import { SCOPE_HEADER } from '@bioscope/rpc';
import type { Code } from '@bioscope/rpc';
import { isInShare } from './cohort.ts';
import type { Effect, FaultRule, Self, Side, Where } from './rule.ts';

/** Where a call is when somebody asks whether it shall go wrong. */
export type Point = {
  readonly side: Side;
  readonly caller: string;
  readonly callee: string;
  readonly method: string;
  header(name: string): string | undefined;
};
export type Strike = { readonly ruleId: string; readonly effect: Effect; readonly delayMs: number; readonly code: Code };

/** The first rule, in their order, that concerns the point and whose share the draw hits. `random`: 0 to 1, asked once or twice per rule that matches. */
export type Matcher = (point: Point, random: () => number) => Strike | undefined;

/** Rules that cannot concern this process are left out for good; what remains is looked up by side. */
export function compileRules(rules: readonly FaultRule[], self: Self): Matcher {
  const bySide = new Map<Side, readonly Compiled[]>();
  for (const side of ['client', 'server', 'store'] as const) {
    bySide.set(
      side,
      rules.filter((rule) => rule.where.side === side && concerns(rule.where, self)).map((rule) => compile(rule)),
    );
  }
  return (point, random) => {
    if (point.callee === 'chaos') return undefined;
    for (const compiled of bySide.get(point.side) ?? []) {
      const { rule } = compiled;
      if (compiled.matches(point) && (rule.share >= 1 || random() < rule.share)) return strikeOf(rule, random);
    }
    return undefined;
  };
}

/** How far the process's clock is off: all jumps that concern it together. */
export function jumpOf(rules: readonly FaultRule[], self: Self): number {
  return rules.filter(({ where }) => where.side === 'clock' && concerns(where, self)).reduce((sum, { what }) => sum + what.jumpMs, 0);
}

type Compiled = { readonly rule: FaultRule; matches(point: Point): boolean };

function compile(rule: FaultRule): Compiled {
  const { where, who } = rule;
  const callers = isAmong(where.callers);
  const callees = isAmong(where.callees);
  const methods = isAmong(where.methods);
  const { cohort, header } = who;
  return {
    rule,
    matches: (point) =>
      callees(point.callee) &&
      callers(point.caller) &&
      methods(point.method) &&
      (header === undefined || point.header(header.name) === header.value) &&
      (cohort === undefined || isInShare(point.header(SCOPE_HEADER), cohort)),
  };
}

function concerns({ regions, zones, groups }: Where, self: Self): boolean {
  return isAmong(regions)(self.region) && isAmong(zones)(self.zone) && isAmong(groups)(self.group);
}

function isAmong(names: readonly string[]): (name: string) => boolean {
  if (names.length === 0) return () => true;
  const set = new Set(names);
  return (name) => set.has(name);
}

function strikeOf({ id, what }: FaultRule, random: () => number): Strike {
  return { ruleId: id, effect: what.effect, delayMs: delayOf(what, random), code: what.code };
}

/** With a tail: log-logistic of shape 1, whose median is `delayMs` and of which one in a hundred is a hundred times that. */
function delayOf({ delayMs, delayMsMax }: FaultRule['what'], random: () => number): number {
  if (delayMs === 0 || delayMsMax <= delayMs) return delayMs;
  const draw = random();
  return Math.min(delayMsMax, (delayMs * draw) / (1 - draw));
}
