import type { MessageInitShape } from '@bufbuild/protobuf';

import type { GetLiveResponseSchema } from '../../contract/index.ts';
import type { PlaybackParts } from './context.ts';

/** How plays begin now, as this process counted it; for operators. */
export function getLive({ live, nowMs }: Pick<PlaybackParts, 'live' | 'nowMs'>): MessageInitShape<typeof GetLiveResponseSchema> {
  const atMs = nowMs();
  return {
    instance: live.instance,
    nowMs: atMs,
    sinceMs: live.sinceMs,
    seconds: live.starts.read(atMs).map(({ refused, ...second }) => ({ ...second, refused: { ...refused } })),
    sessions: live.sessions.count(atMs),
  };
}
