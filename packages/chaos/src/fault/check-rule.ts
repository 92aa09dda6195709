import type { FaultRule, Side } from './rule.ts';

/** Rules of one process; an experiment has a handful. */
export const RULES_MAX = 64;
/** Beyond any deadline: longer would only hold memory. */
export const DELAY_MS_MAX = 60_000;
const NAMES_MAX = 64;
const JUMP_MS_MAX = 366 * 86_400_000;
const ID = /^[a-z0-9][a-z0-9.-]{0,63}$/;

const EFFECTS_OF: Readonly<Record<Side, readonly FaultRule['what']['effect'][]>> = {
  client: ['pass', 'error', 'drop', 'half-open', 'corrupt', 'truncate', 'stale', 'duplicate'],
  server: ['pass', 'error', 'drop', 'half-open', 'corrupt', 'truncate', 'stale', 'duplicate'],
  store: ['pass', 'error', 'drop', 'half-open', 'full'],
  clock: ['jump'],
};

/** Everything that is wrong with a rule, each naming the field; empty when it may be put. */
export function checkRule({ id, where, who, share, what }: FaultRule): readonly string[] {
  const problems: string[] = [];
  const need = (holds: boolean, problem: string): void => {
    if (!holds) problems.push(problem);
  };
  need(ID.test(id), `id: "${id.slice(0, 80)}" is not 1 to 64 of a-z 0-9 . -`);
  need(share > 0 && share <= 1, `share: ${share} is not above 0 and at most 1`);
  need(
    EFFECTS_OF[where.side].includes(what.effect),
    `effect: on the side "${where.side}" there are ${EFFECTS_OF[where.side].join(', ')}, not "${what.effect}"`,
  );
  need(isWithin(what.delayMs, 0, DELAY_MS_MAX), `delayMs: ${what.delayMs} is not from 0 to ${DELAY_MS_MAX}`);
  need(
    what.delayMsMax === 0 || isWithin(what.delayMsMax, what.delayMs, DELAY_MS_MAX),
    `delayMsMax: ${what.delayMsMax} is neither 0 nor from delayMs to ${DELAY_MS_MAX}`,
  );
  need(what.effect !== 'pass' || what.delayMs > 0, 'effect: "pass" without delayMs changes nothing');
  need(isWithin(what.jumpMs, -JUMP_MS_MAX, JUMP_MS_MAX), `jumpMs: ${what.jumpMs} is more than a year`);
  if (who.cohort !== undefined) {
    const { from, to } = who.cohort;
    need(from >= 0 && from < to && to <= 1, `cohort: from ${from} to ${to} is not within 0 to 1`);
  }
  for (const [field, names] of Object.entries(where)) {
    if (typeof names !== 'string') need(names.length <= NAMES_MAX, `${field}: more than ${NAMES_MAX} names`);
  }
  return problems;
}

function isWithin(value: number, min: number, max: number): boolean {
  return Number.isFinite(value) && value >= min && value <= max;
}
