import type { MessageInitShape } from '@bufbuild/protobuf';
import { ASSURANCES, COUNTRY_SOURCES } from '@bioscope/passport';
import { RpcError, type RequestContext } from '@bioscope/rpc';

import type { ExplainRequest, ExplainResponseSchema, Subject } from '../../contract/index.ts';
import { signalsSeen } from '../domain/signals-seen.ts';
import type { Asker } from '../domain/signals.ts';
import { decisionAnswer } from './answers.ts';
import type { AccessParts } from './context.ts';
import { decided } from './decide.ts';
import { parseDecide } from './requests.ts';

/** How a decision about some member comes about now: the same sources, policies and fallbacks, nothing counted or written down. */
export async function explain(
  parts: AccessParts,
  request: ExplainRequest,
  { deadlineAtMs }: Pick<RequestContext, 'deadlineAtMs'>,
): Promise<MessageInitShape<typeof ExplainResponseSchema>> {
  if (request.subject === undefined) throw new RpcError('invalid_argument', 'subject must say who would ask');
  if (request.decide === undefined) throw new RpcError('invalid_argument', 'decide must say what would be asked');
  const { verdict, judgement, of } = await decided(parts, parseDecide(request.decide), askerFrom(request.subject), {
    deadlineAtMs,
    atMs: request.atMs,
  });
  return {
    decision: decisionAnswer(verdict),
    policies: [...judgement.policies],
    errors: [...judgement.errors],
    signals: signalsSeen(of.viewer, of.question).map((seen) => ({ ...seen, value: seen.value === null ? '' : JSON.stringify(seen.value) })),
    policyVersion: parts.book.version,
  };
}

function askerFrom({ accountId, profileId, deviceId, country, countryFrom, assurance, isOperator }: Subject): Asker {
  return {
    accountId,
    profileId,
    deviceId,
    isKids: false,
    isOperator,
    country,
    countryFrom: oneOf('subject.country_from', COUNTRY_SOURCES, countryFrom, 'setting'),
    assurance: oneOf('subject.assurance', ASSURANCES, assurance, 'session'),
  };
}

function oneOf<T extends string>(field: string, known: readonly T[], given: string, otherwise: T): T {
  if (given === '') return otherwise;
  const found = known.find((each) => each === given);
  if (found === undefined) throw new RpcError('invalid_argument', `${field} must be one of ${known.join(', ')}`);
  return found;
}
