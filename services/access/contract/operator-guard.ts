import { toBinary } from '@bufbuild/protobuf';
import { RpcError } from '@bioscope/rpc';
import type { Client, RequestContext } from '@bioscope/rpc';

import { Action, RefusedSchema, type AccessService, type Refused } from './access_pb.ts';
import type { Area } from './decisions.ts';

/**
 * Stands before everything that operators do: who may work on which area is decided by access, by the passport of the call, each time. Both reject with
 * `RpcError`: `permission_denied` with access' `Refused` as its detail, `unavailable` when access does not answer (what operators do can wait),
 * `unauthenticated` for a call without a good passport.
 */
export type OperatorGuard = {
  /** Resolves when who calls may work on the area. */
  check(area: Area, call: RequestContext): Promise<void>;
  /** The handler, run for those alone who may work on the area. */
  only<Q, A>(area: Area, handle: (request: Q, call: RequestContext) => A | Promise<A>): (request: Q, call: RequestContext) => Promise<A>;
};

/** Access decides about operators from the passport alone. */
const DEADLINE_MS = 1_500;

/** For servers; apps import the contract itself. `access` must name the calling unit among those that may ask. */
export function operatorGuard(access: Pick<Client<typeof AccessService>, 'decide'>): OperatorGuard {
  const check = async (area: Area, call: RequestContext): Promise<void> => {
    const { outcome } = await access
      .decide({ action: Action.OPERATE, area }, { within: call, deadlineMs: DEADLINE_MS, idempotent: true })
      .catch((fault: unknown) => {
        throw undecided(fault);
      });
    if (outcome.case === 'granted') return;
    throw refusal(area, outcome.case === 'refused' ? outcome.value : undefined);
  };
  return {
    check,
    only: (area, handle) => async (request, call) => {
      await check(area, call);
      return await handle(request, call);
    },
  };
}

/** An answer of neither kind is one of a newer release: nothing that it says is a grant. */
function refusal(area: Area, refused: Refused | undefined): RpcError {
  const message = `access does not let you work on "${area}": ${refused?.because ?? 'not_permitted'}`;
  if (refused === undefined) return new RpcError('permission_denied', message);
  const value = Buffer.from(toBinary(RefusedSchema, refused)).toString('base64').replaceAll('=', '');
  return new RpcError('permission_denied', message, { details: [{ type: RefusedSchema.typeName, value }] });
}

function undecided(fault: unknown): unknown {
  // Who calls has no good passport, or has gone: that is theirs to know.
  if (fault instanceof RpcError && (fault.code === 'unauthenticated' || fault.code === 'canceled')) return fault;
  return new RpcError('unavailable', 'whether you may do this cannot be decided: access does not answer. Nothing was done; try again', {
    cause: fault,
  });
}
