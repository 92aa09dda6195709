import { create } from '@bufbuild/protobuf';
import { CODES } from '@bioscope/rpc';
import { RuleSchema } from '../../contract/index.ts';
import type { Rule } from '../../contract/index.ts';
import { EFFECTS, SIDES } from './rule.ts';
import type { FaultRule } from './rule.ts';

export function messageOfRule({ id, where, who, share, what }: FaultRule): Rule {
  return create(RuleSchema, {
    id,
    side: where.side,
    callers: [...where.callers],
    callees: [...where.callees],
    methods: [...where.methods],
    regions: [...where.regions],
    zones: [...where.zones],
    groups: [...where.groups],
    share,
    effect: what.effect,
    delayMs: what.delayMs,
    delayMsMax: what.delayMsMax,
    code: what.code,
    jumpMs: what.jumpMs,
    ...(who.cohort === undefined ? {} : { cohort: who.cohort }),
    ...(who.header === undefined ? {} : { header: who.header }),
  });
}

/** Throws a RangeError for a word that is none of ours; whether the rule makes sense is `checkRule`'s. */
export function ruleOfMessage(message: Rule): FaultRule {
  const { cohort, header } = message;
  return {
    id: message.id,
    where: {
      side: oneOf(SIDES, message.side, 'side'),
      callers: message.callers,
      callees: message.callees,
      methods: message.methods,
      regions: message.regions,
      zones: message.zones,
      groups: message.groups,
    },
    who: {
      ...(cohort === undefined ? {} : { cohort: { salt: cohort.salt, from: cohort.from, to: cohort.to } }),
      ...(header === undefined ? {} : { header: { name: header.name.toLowerCase(), value: header.value } }),
    },
    share: message.share,
    what: {
      effect: oneOf(EFFECTS, message.effect, 'effect'),
      delayMs: message.delayMs,
      delayMsMax: message.delayMsMax,
      code: oneOf(CODES, message.code === '' ? 'unavailable' : message.code, 'code'),
      jumpMs: message.jumpMs,
    },
  };
}

function oneOf<T extends string>(known: readonly T[], given: string, field: string): T {
  const found = known.find((each) => each === given);
  if (found === undefined) throw new RangeError(`${field}: "${given.slice(0, 40)}" is none of ${known.join(', ')}`);
  return found;
}
