import { setTimeout as pause } from 'node:timers/promises';

import { RpcError, type RequestContext } from '@bioscope/rpc';

import type { Work as WorkMessage } from '../../contract/index.ts';
import type { StudioParts } from '../parts.ts';
import { toMessage, viewWork } from './view-work.ts';

const WAIT_MS_MAX = 20_000;
/** Progress is shown to people: a few times a second is smooth, and costs a few reads. */
const LOOK_EVERY_MS = 250;

/** Answers when the work looks other than what the caller knows, or at the end of the wait. */
export async function watchWork(
  parts: Pick<StudioParts, 'store' | 'jobs' | 'nowMs'>,
  request: { readonly workId: string; readonly knownVersion: number; readonly waitMs: number },
  { signal }: Pick<RequestContext, 'signal'>,
): Promise<WorkMessage> {
  const untilMs = parts.nowMs() + Math.min(request.waitMs, WAIT_MS_MAX);
  for (;;) {
    const work = await parts.store.read(request.workId);
    if (work === null) throw new RpcError('not_found', `work_id: there is no work ${JSON.stringify(request.workId)}`);
    const message = toMessage(await viewWork(parts, work));
    if (message.version !== request.knownVersion || parts.nowMs() + LOOK_EVERY_MS > untilMs) return message;
    await pause(LOOK_EVERY_MS, undefined, { signal });
  }
}
