import { RpcError, type RequestContext } from '@bioscope/rpc';

import type { GetSupergraphRequest } from '../../contract/index.ts';
import type { ComposedGraph, CurrentGraph } from '../current-graph.ts';

/** Long polls answer at least this often, so that proxies between do not take them for dead. */
const WAIT_MS_MAX = 20_000;
/** The answer leaves this long before the caller stops waiting. */
const ANSWER_MARGIN_MS = 100;

export async function getSupergraph(
  { graph, nowMs }: { readonly graph: CurrentGraph; readonly nowMs: () => number },
  request: GetSupergraphRequest,
  call: Pick<RequestContext, 'deadlineAtMs' | 'signal'>,
): Promise<{ supergraph?: ComposedGraph }> {
  const until = Math.min(nowMs() + Math.min(request.waitMs, WAIT_MS_MAX), call.deadlineAtMs - ANSWER_MARGIN_MS);
  for (;;) {
    const composed = graph.composed();
    // Not "newer": whoever was given another graph by a store that was restored since is to have this one.
    if (composed !== null && composed.sha256 !== request.knownSha256) return { supergraph: composed };
    const leftMs = until - nowMs();
    if (leftMs <= 0) return {};
    // Not an empty answer: it would be asked again at once.
    if (!(await graph.changed(leftMs, call.signal)))
      throw new RpcError('unavailable', 'this registry is going away', { surelyNotRun: true });
  }
}
