import type { BlobStore } from '@bioscope/blob';
import { port, unit } from '@bioscope/host';
import type { KvStore } from '@bioscope/kv';
import type { LogEngine } from '@bioscope/log/groups';
import type { RpcHost } from '@bioscope/rpc';
import { BlobService, KvService, LogService } from '../contract/index.ts';
import { createReadRoom } from './domain/read-room.ts';
import { awaitNews } from './handlers/await-news.ts';
import { blobCalls } from './handlers/blob-calls.ts';
import { doKv } from './handlers/do-kv.ts';
import { doLog } from './handlers/do-log.ts';
import { followStreams } from './handlers/follow-streams.ts';
import { serveBodies } from './handlers/serve-bodies.ts';
import { createLendings } from './lendings.ts';
import { createNewsBoard } from './news-board.ts';

/** A put of 64 MiB, with what names, keys and tokens add. */
const MESSAGE_BYTES_MAX = 68 * 1024 * 1024;
/** Of requests in memory at once: a few of the largest, or very many of the usual ones. */
const BYTES_UNDER_WAY_MAX = 256 * 1024 * 1024;
/** Of one service. Most are subscribers that wait; callers that work hold a dozen each. */
const CALLS_UNDER_WAY_MAX = 1_024;
/** About what the answers to reads under way may hold in memory together. */
const READ_BYTES_MAX = 256 * 1024 * 1024;
/** The same for subscribers that are behind. */
const FOLLOW_BYTES_MAX = 256 * 1024 * 1024;
/** Reads that wait for room in that; as long a queue takes about a second. */
const READS_WAITING_MAX = 4_096;

/** Serves the state ports of the process it runs in to every unit of the system, wherever that runs. It keeps nothing of its own. */
export const storage = unit({
  name: 'storage',
  needs: { kv: port<KvStore>('kv'), logEngine: port<LogEngine>('log-engine'), blob: port<BlobStore>('blob'), rpc: port<RpcHost>('rpc') },
  gives: {},
  async start({ kv, logEngine, blob, rpc }) {
    const closing = new AbortController();
    const room = createReadRoom({ bytesMax: READ_BYTES_MAX, waitingMax: READS_WAITING_MAX });
    const followRoom = createReadRoom({ bytesMax: FOLLOW_BYTES_MAX, waitingMax: CALLS_UNDER_WAY_MAX });
    const board = createNewsBoard(logEngine);
    const lendings = createLendings(blob);
    const own = rpc.as('storage');
    const limits = { messageBytesMax: MESSAGE_BYTES_MAX, bytesUnderWayMax: BYTES_UNDER_WAY_MAX, callsUnderWayMax: CALLS_UNDER_WAY_MAX };
    // State belongs to all units; who is none of them cannot prove who it is.
    const everyUnit = { '*': ['*'] };
    own.serve(
      KvService,
      { do: doKv({ kv, room }), follow: followStreams({ kv, room: followRoom, closing: closing.signal }) },
      everyUnit,
      limits,
    );
    const logHandlers = { do: doLog({ log: logEngine, room }), awaitNews: awaitNews({ board, closing: closing.signal }) };
    own.serve(LogService, logHandlers, everyUnit, limits);
    own.serve(BlobService, blobCalls({ blob, lendings }), everyUnit, { callsUnderWayMax: CALLS_UNDER_WAY_MAX });
    own.mount('/blob', serveBodies(blob), ['*']);
    return {
      gives: {},
      // Those who wait for news are answered, and ask again when the storage is back.
      async drain() {
        closing.abort();
      },
      async stop() {
        closing.abort();
        board.close();
        await lendings.close();
      },
    };
  },
});
