import { RpcError } from '@bioscope/rpc';
import type { RequestContext } from '@bioscope/rpc';
import type { WatchWorkRequest } from '../../contract/index.ts';
import { ID } from '../domain/names.ts';
import { viewOf } from '../domain/work-view.ts';
import type { WorkView } from '../domain/work-view.ts';
import type { StudioParts } from '../parts.ts';
import type { Loaded } from '../store.ts';

type Showing = Pick<StudioParts, 'board' | 'store'>;

/** Room for this many pieces of news between two events. */
const TICKS_MAX = 1_000_000;
const WAIT_MS_MAX = 20_000;
/** So that the answer is back before the caller gives up. */
const MARGIN_MS = 500;

export function shown({ board }: Pick<Showing, 'board'>, { work, version }: Loaded): WorkView {
  return viewOf(work, version * TICKS_MAX + (board.ticks(work.id) % TICKS_MAX), (jobId) => board.live(jobId));
}

/** Answers when there is something that the caller has not seen. */
export async function watchWork(
  parts: Showing,
  request: WatchWorkRequest,
  context: Pick<RequestContext, 'deadlineAtMs' | 'signal'>,
): Promise<{ work: WorkView }> {
  requireWorkId(request.workId);
  const waitMs = Math.min(request.waitMs, WAIT_MS_MAX, Math.max(0, context.deadlineAtMs - Date.now() - MARGIN_MS));
  const stop = AbortSignal.any([context.signal, AbortSignal.timeout(waitMs)]);
  for (;;) {
    // Begun before looking: news between the look and the wait is not missed.
    const enough = new AbortController();
    const news = parts.board.news(request.workId, AbortSignal.any([stop, enough.signal]));
    try {
      const loaded = await parts.store.load(request.workId);
      if (loaded === null) throw new RpcError('not_found', `there is no work ${JSON.stringify(request.workId.slice(0, 64))}`);
      const work = shown(parts, loaded);
      if (work.version !== request.knownVersion || stop.aborted) return { work };
      await news;
    } finally {
      enough.abort();
    }
  }
}

export function requireWorkId(workId: string): void {
  if (!ID.test(workId)) throw new RpcError('invalid_argument', 'work_id: the id of an upload is wanted, 16 of a-z 0-9');
}
