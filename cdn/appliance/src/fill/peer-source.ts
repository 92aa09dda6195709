import { signSegmentToken, TOKEN_LIFE_MS, type SegmentTokenKey } from '@bioscope/control/contract';
import type { FileKey } from '../files/file-store.ts';
import { startOf, type Source } from './source.ts';

export type Peer = { readonly id: string; readonly baseUrl: string; readonly editions: readonly string[] };

/** Another appliance, asked as a player would ask it: with a token, made for this one download. */
export function peerSource(on: { peer: Peer; key: SegmentTokenKey; asker: string; now(): number }, { editionId, name }: FileKey): Source {
  return {
    name: `appliance ${on.peer.id}`,
    async open(offset, signal) {
      const token = signSegmentToken(on.key, { editionId, sessionId: `fill-${on.asker}`, expiresAtMs: on.now() + TOKEN_LIFE_MS });
      const answer = await fetch(`${on.peer.baseUrl}/t/${token}/${editionId}/${name}`, {
        headers: offset === 0 ? {} : { range: `bytes=${offset}-` },
        redirect: 'error',
        signal,
      });
      try {
        const startsAt = startOf(answer.status, answer.headers.get('content-range') ?? undefined, offset);
        if (answer.body === null) throw new Error('answered without a body');
        return { startsAt, body: answer.body };
      } catch (error) {
        await answer.body?.cancel();
        throw error;
      }
    },
  };
}
