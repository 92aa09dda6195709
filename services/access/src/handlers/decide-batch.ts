import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Passport } from '@bioscope/passport';
import type { RequestContext } from '@bioscope/rpc';

import type { DecideBatchRequest, DecideBatchResponseSchema } from '../../contract/index.ts';
import { batchUntil, countOutcomes } from '../domain/batch.ts';
import { viewerFor } from '../domain/viewer.ts';
import { gatherTitles, gatherViewer } from '../gather.ts';
import { judge } from '../judge.ts';
import type { AccessParts } from './context.ts';
import { noteBatch, type NotedCall } from './note.ts';
import { parseBatch } from './requests.ts';

/** The same decision about many titles: what is known of the viewer is learned once. One record for the whole of it. */
export async function decideBatch(
  parts: AccessParts,
  request: DecideBatchRequest,
  passport: Passport,
  call: Pick<RequestContext, 'deadlineAtMs'> & NotedCall,
): Promise<MessageInitShape<typeof DecideBatchResponseSchema>> {
  const { action, titles, height } = parseBatch(request);
  const [learned, known] = await Promise.all([
    gatherViewer(parts, action, passport, call),
    gatherTitles(parts, action, passport, titles, call),
  ]);
  const nowMs = parts.nowMs();
  const viewer = viewerFor(action, passport, learned, { nowMs });
  const judged = known.map((title) => {
    const question = action === 'browse' ? { action, title } : { action, title, height, streamsInUse: null };
    return { titleId: title.id, ...judge(parts, { viewer, question, nowMs }) };
  });
  const verdicts = judged.map(({ verdict }) => verdict);
  const without = [...new Set(verdicts.flatMap((verdict) => verdict.without))];
  const policies = [...new Set(judged.flatMap(({ judgement }) => judgement.policies))];
  noteBatch(parts, { action, counts: countOutcomes(verdicts), policies, without, passport, call });
  return {
    verdicts: judged.map(({ titleId, verdict }) => ({ titleId, because: verdict.kind === 'granted' ? '' : verdict.because })),
    untilMs: batchUntil(verdicts, nowMs),
    without,
  };
}
