import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export type Entrance = { readonly port: number; close(): Promise<void> };

/** A gateway of this machine answers at once, or not at all. */
const CONNECT_MS = 1_000;
const CONNECTIONS_MAX = 1_000;

/**
 * The way in for browsers and commands of this machine, which know `app.localhost` and nothing of regions: passes connections on to the first gateway that takes
 * them. Clients that ask the DNS do not come this way.
 */
export async function openEntrance(options: {
  readonly address: string;
  readonly port: number;
  /** `host:port` of gateways, the preferred ones first. */
  readonly gateways: () => readonly string[];
}): Promise<Entrance> {
  const sockets = new Set<Socket>();
  const server = createServer({ pauseOnConnect: true, noDelay: true }, (client) => {
    sockets.add(client);
    client.on('error', () => client.destroy());
    client.once('close', () => sockets.delete(client));
    void passOn(client, [...options.gateways()]);
  });
  server.maxConnections = CONNECTIONS_MAX;
  const listening = Promise.withResolvers<void>();
  server.once('error', listening.reject);
  server.listen(options.port, options.address, listening.resolve);
  await listening.promise;
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function passOn(client: Socket, gateways: readonly string[]): Promise<void> {
  for (const gateway of gateways) {
    const upstream = await reach(gateway);
    if (client.destroyed) return void upstream?.destroy();
    if (upstream === null) continue;
    client.once('close', () => upstream.destroy());
    upstream.once('close', () => client.destroy());
    upstream.on('error', () => client.destroy());
    client.pipe(upstream);
    upstream.pipe(client);
    return;
  }
  client.destroy();
}

function reach(gateway: string): Promise<Socket | null> {
  const { hostname, port } = new URL(`http://${gateway}`);
  const { promise, resolve } = Promise.withResolvers<Socket | null>();
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  const giveUp = (): void => {
    socket.destroy();
    resolve(null);
  };
  const timer = setTimeout(giveUp, CONNECT_MS);
  socket.once('error', giveUp);
  socket.once('connect', () => {
    clearTimeout(timer);
    socket.off('error', giveUp);
    resolve(socket);
  });
  return promise;
}
