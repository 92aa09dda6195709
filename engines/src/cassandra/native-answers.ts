import { connect } from 'node:net';

const DEADLINE_MS = 1_000;
/** Protocol 4, OPTIONS, no body (https://github.com/apache/cassandra/blob/trunk/doc/native_protocol_v4.spec). */
const OPTIONS = Buffer.from([0x04, 0, 0, 0, 0x05, 0, 0, 0, 0]);
const SUPPORTED = 0x06;
const OPCODE_AT = 4;

/** Whether a node talks to clients. It opens this port last, when it can answer queries. Never rejects. */
export async function nativeAnswers(host: string, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host, port });
  socket.setTimeout(DEADLINE_MS, () => resolve(false));
  socket.once('error', () => resolve(false));
  socket.once('close', () => resolve(false));
  socket.once('connect', () => socket.write(OPTIONS));
  let head = Buffer.alloc(0);
  socket.on('data', (bytes: Buffer) => {
    head = Buffer.concat([head, bytes]).subarray(0, OPCODE_AT + 1);
    if (head.length > OPCODE_AT) resolve(head[OPCODE_AT] === SUPPORTED);
  });
  const answered = await promise;
  socket.destroy();
  return answered;
}
