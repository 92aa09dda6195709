import type { MessageInitShape } from '@bufbuild/protobuf';
import { RpcError } from '@bioscope/rpc';

import type { StartSessionResponseSchema } from '../../contract/index.ts';
import type { PlaybackParts } from './context.ts';

type Answer = MessageInitShape<typeof StartSessionResponseSchema>;

/** Tries to start and counts what became of it, for `GetLive`. */
export async function countStart({ live, nowMs }: Pick<PlaybackParts, 'live' | 'nowMs'>, start: () => Promise<Answer>): Promise<Answer> {
  try {
    const answer = await start();
    const { outcome } = answer;
    if (outcome?.case === 'granted') {
      live.starts.count({ kind: 'started' }, nowMs());
      live.sessions.seen(outcome.value.sessionId ?? '', nowMs());
    }
    if (outcome?.case === 'refused') live.starts.count({ kind: 'refused', because: outcome.value.because ?? '' }, nowMs());
    return answer;
  } catch (fault) {
    if (!isCallers(fault)) live.starts.count({ kind: 'failed' }, nowMs());
    throw fault;
  }
}

/** Nonsense and strangers are nobody who wants to play. */
function isCallers(fault: unknown): boolean {
  return fault instanceof RpcError && (fault.code === 'invalid_argument' || fault.code === 'unauthenticated');
}
