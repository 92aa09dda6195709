import { RpcError } from '@bioscope/rpc';
import type { Handlers } from '@bioscope/rpc';
import type { LogService } from '../../contract/index.ts';
import { waitMsOf } from '../domain/wait.ts';
import type { NewsBoard } from '../news-board.ts';

/** A process that subscribes to more asks for the rest without news: its consumers look by themselves every few seconds. */
const TOPICS_MAX = 1_000;

/** `closing`: those who wait are answered with nothing. */
export function awaitNews({ board, closing }: { board: NewsBoard; closing: AbortSignal }): Handlers<typeof LogService>['awaitNews'] {
  return async ({ known, waitMs }, { signal }) => {
    if (known.length > TOPICS_MAX) throw new RpcError('invalid_argument', `known: at most ${TOPICS_MAX} topics at once`);
    const over = new AbortController();
    const timer = setTimeout(() => over.abort(), waitMsOf(waitMs));
    try {
      return { news: [...(await board.changed(known, AbortSignal.any([signal, closing, over.signal])))] };
    } finally {
      clearTimeout(timer);
    }
  };
}
