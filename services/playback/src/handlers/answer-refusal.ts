import type { MessageInitShape } from '@bufbuild/protobuf';

import type { RefusalSchema, StreamSchema } from '../../contract/index.ts';
import type { Refused } from '../domain/entitlement.ts';
import type { StreamSlot } from '../domain/stream-slots.ts';

/** A refusal as the contract has it. */
export function answerRefusal({ because, message, lifts = [], liftsAtMs = 0, limit = 0, streams = [] }: Refused) {
  const who = streams.map(streamOf);
  const value: MessageInitShape<typeof RefusalSchema> = { because, message, lifts: [...lifts], liftsAtMs, limit, streams: who };
  return { outcome: { case: 'refused', value } } as const;
}

export function streamOf({ sessionId, titleId, profileId, deviceId, sinceMs }: StreamSlot): MessageInitShape<typeof StreamSchema> {
  return { sessionId, titleId, profileId, deviceId, sinceMs };
}
