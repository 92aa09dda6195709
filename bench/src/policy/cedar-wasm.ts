import { preparsePolicySet, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import type { CedarValueJson, EntityJson, StatefulAuthorizationCall } from '@cedar-policy/cedar-wasm/nodejs';
import type { Contender } from './contender.ts';
import { POLICIES, WATCHING } from './policies.ts';
import type { StreamingRequest } from './signals.ts';

/** Cedar's own build for JavaScript, policies parsed before; without the schema, which would cost it more. It takes the entities anew with each request. */
export function cedarWasm(requests: readonly StreamingRequest[], passRequests: number): Contender {
  const answer = preparsePolicySet('bench', { staticPolicies: POLICIES });
  if (answer.type === 'failure') throw new Error(answer.errors.map((error) => error.message).join('; '));
  const calls = requests.slice(0, passRequests).map(callOf);
  const isAllowed = (call: StatefulAuthorizationCall): boolean => {
    const authorization = statefulIsAuthorized(call);
    if (authorization.type === 'failure') throw new Error(authorization.errors.map((error) => error.message).join('; '));
    return authorization.response.decision === 'allow';
  };
  return {
    name: 'cedar-wasm, policies parsed before',
    passRequests,
    run: (count) => calls.slice(0, count).filter(isAllowed).length,
    decisions: (count) => calls.slice(0, count).map(isAllowed),
  };
}

/** One request in Cedar's JSON. */
export function callOf(request: StreamingRequest): StatefulAuthorizationCall {
  const { action, account, profile, device, title, country, resolution, streams, nowMs, isPinEntered, isAtHome, travelDays } = request;
  const entities: EntityJson[] = [
    entity('Account', account.id, {
      status: account.status,
      plan: account.plan,
      streamsMax: account.streamsMax,
      fraudScore: account.fraudScore,
    }),
    entity('Profile', profile.id, {
      account: { __entity: { type: 'Account', id: account.id } },
      isOwner: profile.isOwner,
      isKids: profile.isKids,
      maturityMax: profile.maturityMax,
      ...(profile.pinAbove === undefined ? {} : { pinAbove: profile.pinAbove }),
      ...(profile.blockedIds === undefined ? {} : { blocked: profile.blockedIds.map((id) => ({ __entity: { type: 'Title', id } })) }),
    }),
    entity('Device', device.id, {
      kind: device.kind,
      isTrusted: device.isTrusted,
      drmLevel: device.drmLevel,
      resolutionMax: device.resolutionMax,
    }),
    entity('Title', title.id, {
      isFree: title.isFree,
      maturity: title.maturity,
      countries: [...title.countries],
      from: instant(title.fromMs),
      until: instant(title.untilMs),
      drmLevel: title.drmLevel,
    }),
    { uid: { type: 'Action', id: action }, attrs: {}, parents: WATCHING.has(action) ? [{ type: 'Action', id: 'watch' }] : [] },
  ];
  return {
    principal: { type: 'Profile', id: profile.id },
    action: { type: 'Action', id: action },
    resource: { type: 'Title', id: title.id },
    context: {
      device: { __entity: { type: 'Device', id: device.id } },
      country,
      resolution,
      streams,
      now: instant(nowMs),
      isPinEntered,
      isAtHome,
      travelDays,
    },
    preparsedPolicySetId: 'bench',
    validateRequest: false,
    entities,
  };
}

function entity(type: string, id: string, attrs: Record<string, CedarValueJson>): EntityJson {
  return { uid: { type, id }, attrs, parents: [] };
}

function instant(ms: number): CedarValueJson {
  return { __extn: { fn: 'datetime', arg: new Date(ms).toISOString() } };
}
