import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Passport } from '@bioscope/passport';
import type { RequestContext } from '@bioscope/rpc';

import type { DecideRequest, DecideResponseSchema } from '../../contract/index.ts';
import type { Question, TitleInQuestion } from '../domain/question.ts';
import type { Asker } from '../domain/signals.ts';
import { viewerFor } from '../domain/viewer.ts';
import { gatherTitles, gatherViewer } from '../gather.ts';
import { judge, type Judged } from '../judge.ts';
import { decisionAnswer } from './answers.ts';
import type { AccessParts } from './context.ts';
import { note, type NotedCall } from './note.ts';
import { parseDecide, type Asked } from './requests.ts';

export async function decide(
  parts: AccessParts,
  request: DecideRequest,
  passport: Passport,
  call: Pick<RequestContext, 'deadlineAtMs'> & NotedCall,
): Promise<MessageInitShape<typeof DecideResponseSchema>> {
  const asked = parseDecide(request);
  const judged = await decided(parts, asked, passport, call);
  note(parts, { asked, ...judged, passport, call });
  return decisionAnswer(judged.verdict);
}

/** Learns what the action looks at, all sources at once, and decides. */
export async function decided(
  parts: AccessParts,
  asked: Asked,
  asker: Asker,
  { deadlineAtMs, atMs = 0 }: { readonly deadlineAtMs: number; readonly atMs?: number },
): Promise<Judged> {
  const titles = 'title' in asked ? [asked.title] : [];
  const [learned, [title]] = await Promise.all([
    gatherViewer(parts, asked.action, asker, { deadlineAtMs }),
    gatherTitles(parts, asked.action, asker, titles, { deadlineAtMs }),
  ]);
  const viewer = viewerFor(asked.action, asker, learned, { nowMs: parts.nowMs() });
  return judge(parts, { viewer, question: questionOf(asked, title), nowMs: atMs === 0 ? parts.nowMs() : atMs });
}

function questionOf(asked: Asked, title: TitleInQuestion | undefined): Question {
  if (!('title' in asked)) return asked;
  const { action, height, inUse } = asked;
  const about = title ?? { id: asked.title.id, facts: { confidence: 'unknown' } };
  switch (action) {
    case 'browse':
      return { action, title: about };
    case 'play':
      return { action, title: about, height, streamsInUse: inUse };
    case 'download':
      return { action, title: about, height, devicesInUse: inUse };
    default:
      throw new Error(`there is no question for ${String(action satisfies never)}`);
  }
}
