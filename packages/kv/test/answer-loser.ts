import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** What happens to a request that carries the text: `answer` it arrives and its answer is lost; `request` it never arrives; `connection` it arrives, then the connection breaks. */
export type Loss = {
  readonly text: string;
  readonly lose: 'answer' | 'request' | 'connection';
  times: number;
  readonly delayMs?: number;
  readonly kind?: 'batch';
};

export type AnswerLoser = {
  /** `host:port` to give to a client as its only contact point. */
  readonly address: string;
  /** From now on; `delayMs`: the answer is not lost but late. Only requests that write: prepared statements and batches. */
  lose(loss: Loss): Loss;
  close(): Promise<void>;
};

const HEADER_BYTES = 9;
const EXECUTE = 0x0a;
const BATCH = 0x0d;

/**
 * Stands between a client and one Cassandra node and loses what it is told to. It knows as much of the native protocol as that takes (version 4, section 2: frame headers;
 * https://github.com/apache/cassandra/blob/trunk/doc/native_protocol_v4.spec).
 */
export async function startAnswerLoser(node: string): Promise<AnswerLoser> {
  const losses: Loss[] = [];
  const sockets = new Set<Socket>();
  const [host = '', port = ''] = node.split(':');
  const server = createServer((client) => {
    const behind = connect(Number(port), host);
    /** Streams (the protocol's word for requests under way) whose answer goes wrong. */
    const wrong = new Map<number, Loss>();
    const end = (): void => {
      client.destroy();
      behind.destroy();
    };
    for (const socket of [client, behind]) {
      sockets.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        sockets.delete(socket);
        end();
      });
    }
    client.on(
      'data',
      eachFrame((frame) => {
        const loss = matching(frame);
        if (loss?.lose === 'request') return;
        if (loss?.lose === 'answer') wrong.set(frame.readInt16BE(2), loss);
        behind.write(frame, () => {
          if (loss?.lose === 'connection') client.destroy();
        });
      }),
    );
    behind.on(
      'data',
      eachFrame((frame) => {
        const loss = wrong.get(frame.readInt16BE(2));
        wrong.delete(frame.readInt16BE(2));
        if (loss === undefined) client.write(frame);
        else if (loss.delayMs !== undefined) setTimeout(() => client.write(frame), loss.delayMs);
      }),
    );
  });

  function matching(frame: Buffer): Loss | null {
    if (frame[4] !== EXECUTE && frame[4] !== BATCH) return null;
    const loss = losses.find(({ text, times, kind }) => times > 0 && frame.includes(text) && (kind === undefined || frame[4] === BATCH));
    if (loss === undefined) return null;
    loss.times -= 1;
    return loss;
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('no port was bound');
  return {
    address: `127.0.0.1:${bound.port}`,
    lose(loss) {
      losses.push(loss);
      return loss;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function eachFrame(take: (frame: Buffer) => void): (data: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (data) => {
    rest = rest.length === 0 ? data : Buffer.concat([rest, data]);
    while (rest.length >= HEADER_BYTES) {
      const bytes = HEADER_BYTES + rest.readUInt32BE(5);
      if (rest.length < bytes) return;
      take(rest.subarray(0, bytes));
      rest = rest.subarray(bytes);
    }
  };
}
