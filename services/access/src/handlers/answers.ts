import type { MessageInitShape } from '@bufbuild/protobuf';

import type { DecideResponseSchema } from '../../contract/index.ts';
import type { Verdict } from '../domain/verdict.ts';

export function decisionAnswer(verdict: Verdict): MessageInitShape<typeof DecideResponseSchema> {
  if (verdict.kind === 'refused') {
    const { because, lifts, also, liftsAtMs, limit } = verdict;
    return { outcome: { case: 'refused', value: { because, lifts: [...lifts], also: [...also], liftsAtMs, limit } } };
  }
  const { heightMax, streamsMax, downloadDevicesMax, untilMs, offers, without } = verdict;
  const value = { heightMax, streamsMax, downloadDevicesMax, untilMs, offers: [...offers], without: [...without] };
  return { outcome: { case: 'granted', value } };
}
