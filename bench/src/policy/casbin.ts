import { newEnforcer, newModelFromString } from 'casbin';
import type { Contender } from './contender.ts';
import { WATCHING } from './policies.ts';
import type { StreamingRequest } from './signals.ts';

const MODEL = `
[request_definition]
r = profile, title, action, context

[policy_definition]
p = rule, eft

[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))

[matchers]
m = eval(p.rule)
`;

const WATCH = 'r.action.isWatching';
const PLAY_OR_CAST = '(r.action.id == "play" || r.action.id == "cast")';
const BROWSE = '(r.action.id == "browse" || r.action.id == "preview")';

/** The same twenty policies in Casbin's words. */
const RULES: readonly (readonly [rule: string, effect: 'allow' | 'deny'])[] = [
  [`${BROWSE} && r.profile.account.status != "closed"`, 'allow'],
  [`${WATCH} && r.profile.account.status == "active" && r.context.resolution <= 1080`, 'allow'],
  [`r.action.id == "play" && r.profile.account.status == "grace" && r.context.isAtHome && r.context.resolution <= 720`, 'allow'],
  [
    `${PLAY_OR_CAST} && r.profile.account.status == "active" && r.profile.account.plan == "premium" && r.context.resolution <= r.context.device.resolutionMax`,
    'allow',
  ],
  [`r.action.id == "play" && r.title.isFree && r.context.resolution <= 720`, 'allow'],
  [
    `r.action.id == "download" && r.profile.account.status == "active" && r.context.device.isTrusted && (r.profile.account.plan == "standard" || r.profile.account.plan == "premium")`,
    'allow',
  ],
  [`r.action.id == "rate" && r.profile.account.status == "active" && !r.profile.isKids`, 'allow'],
  [`r.action.id == "editProfile" && r.profile.isOwner`, 'allow'],
  [`r.action.id == "changePlan" && r.profile.isOwner && r.profile.account.fraudScore < 700`, 'allow'],
  [`${WATCH} && r.profile.account.status == "closed"`, 'deny'],
  [`${WATCH} && !r.title.countries.includes(r.context.country)`, 'deny'],
  [`${WATCH} && !(r.title.fromMs <= r.context.nowMs && r.context.nowMs < r.title.untilMs)`, 'deny'],
  [`${WATCH} && r.title.maturity > r.profile.maturityMax`, 'deny'],
  [`(${WATCH} || ${BROWSE}) && r.profile.isKids && r.title.maturity > 7`, 'deny'],
  [`${WATCH} && r.profile.blocked.includes(r.title.id)`, 'deny'],
  [`${PLAY_OR_CAST} && r.context.streams >= r.profile.account.streamsMax`, 'deny'],
  [`${WATCH} && r.title.maturity >= r.profile.pinAbove && !r.context.isPinEntered`, 'deny'],
  [`${WATCH} && !r.context.isAtHome && r.context.device.kind == "television" && r.context.travelDays > 30`, 'deny'],
  [`${WATCH} && (r.context.device.drmLevel < r.title.drmLevel || (r.context.resolution > 1080 && r.context.device.drmLevel < 3))`, 'deny'],
  [
    `(${WATCH} || r.action.id == "changePlan") && (r.profile.account.fraudScore > 900 || (r.profile.account.fraudScore > 800 && !r.context.device.isTrusted))`,
    'deny',
  ],
];

export async function casbin(requests: readonly StreamingRequest[], passRequests: number): Promise<Contender> {
  const enforcer = await newEnforcer(newModelFromString(MODEL));
  for (const [rule, effect] of RULES) await enforcer.addPolicy(rule, effect);
  const prepared = requests.slice(0, passRequests).map(operandsOf);
  const isAllowed = (operands: Operands): boolean => enforcer.enforceSync(...operands);
  return {
    name: 'casbin, enforceSync',
    passRequests,
    run: (count) => prepared.slice(0, count).filter(isAllowed).length,
    decisions: (count) => prepared.slice(0, count).map(isAllowed),
  };
}

type Operands = readonly [profile: object, title: object, action: object, context: object];

function operandsOf({ profile, account, title, action, ...context }: StreamingRequest): Operands {
  const pinAbove = profile.pinAbove ?? Number.POSITIVE_INFINITY;
  return [
    { ...profile, pinAbove, blocked: profile.blockedIds ?? [], account },
    title,
    { id: action, isWatching: WATCHING.has(action) },
    context,
  ];
}
