import assert from 'node:assert/strict';

import { create } from '@bufbuild/protobuf';
import type { Passport } from '@bioscope/passport';
import type { RequestContext } from '@bioscope/rpc';

import { DecideRequestSchema, DecideResponseSchema } from '../../contract/index.ts';
import { operatorGuard, type OperatorGuard } from '../../contract/operator-guard.ts';
import type { AccessParts } from './context.ts';
import { decide } from './decide.ts';

/** Access asks itself about its own operators' methods, as other units ask it about theirs. */
export function ownOperators(parts: AccessParts, asks: (call: RequestContext) => Passport): OperatorGuard {
  return operatorGuard({
    async decide(request, { within } = {}) {
      assert(within !== undefined, 'the guard decides within a call');
      return create(DecideResponseSchema, await decide(parts, create(DecideRequestSchema, request), asks(within), within));
    },
  });
}
