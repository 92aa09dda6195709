import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

export type Caught = { readonly to: string; readonly data: string };
/** `take`, or what happens at the addressee: refused for good, refused for now, silence. */
export type Mood = 'take' | 'refuse' | 'busy' | 'hang';

export type SmtpCatcher = AsyncDisposable & {
  readonly url: string;
  readonly caught: readonly Caught[];
  mood: Mood;
  readonly connections: number;
};

/** A mail server on loopback that knows as much of RFC 5321 as one message needs. */
export async function catchMail(mood: Mood = 'take'): Promise<SmtpCatcher> {
  const caught: Caught[] = [];
  const sockets = new Set<Socket>();
  const state = { mood, connections: 0 };
  const server = createServer((socket) => {
    state.connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    if (state.mood !== 'hang') converse(socket, () => state.mood, caught);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    caught,
    get connections() {
      return state.connections;
    },
    get mood() {
      return state.mood;
    },
    set mood(next) {
      state.mood = next;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function converse(socket: Socket, mood: () => Mood, caught: Caught[]): void {
  let pending = '';
  let to = '';
  let data: string[] | null = null;
  socket.setEncoding('utf8').write('220 catcher\r\n');
  socket.on('data', (text: string) => {
    const lines = (pending + text).split('\r\n');
    pending = lines.pop() ?? '';
    for (const line of lines) {
      if (data !== null && line !== '.') data.push(line);
      else if (data !== null) {
        caught.push({ to, data: data.join('\n') });
        data = null;
        socket.write('250 taken\r\n');
      } else if (/^DATA/i.test(line)) {
        data = [];
        socket.write('354 go on\r\n');
      } else if (/^RCPT/i.test(line) && mood() === 'refuse') socket.write('550 no such mailbox\r\n');
      else if (/^RCPT/i.test(line) && mood() === 'busy') socket.write('451 come back later\r\n');
      else if (/^RCPT/i.test(line)) {
        to = /<(.*?)>/.exec(line)?.[1] ?? '';
        socket.write('250 ok\r\n');
      } else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n');
      else socket.write('250 ok\r\n');
    }
  });
}
