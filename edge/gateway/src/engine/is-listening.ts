import { connect } from 'node:net';

/** Loopback or the next machine: who does not take a connection in this time does not listen. */
const WAIT_MS = 500;

/** Whether somebody takes connections at that address (host:port). */
export function isListening(address: string): Promise<boolean> {
  const [, host = '', port = ''] = /^\[?([^\]]+)\]?:(\d+)$/.exec(address) ?? [];
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) });
    const end = (isThere: boolean): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.setTimeout(WAIT_MS, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
