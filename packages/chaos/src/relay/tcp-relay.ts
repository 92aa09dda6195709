import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { departureOf, UNIMPAIRED } from './impairment.ts';
import type { Impairment } from './impairment.ts';

export type TcpRelay = {
  /** host:port */
  readonly address: string;
  /** From now on, for open connections too. */
  set(impairment: Impairment): void;
  connections(): number;
  close(): Promise<void>;
};

/** Beyond it connections are refused: a relay is for experiments. */
const CONNECTIONS_MAX = 2_048;
/** Held back per direction before reading stops. */
const HELD_BYTES_MAX = 1_048_576;

/** Passes TCP connections on to `to`, worse than they came. Starts without any impairment. */
export async function startTcpRelay(needs: {
  listen: { host: string; port: number };
  to: { host: string; port: number };
  random: () => number;
}): Promise<TcpRelay> {
  const { listen, to, random } = needs;
  const links = new Set<Link>();
  let impairment = UNIMPAIRED;

  const server = createServer({ noDelay: true, allowHalfOpen: true }, (near) => {
    if (links.size >= CONNECTIONS_MAX) {
      near.resetAndDestroy();
      return;
    }
    const far = connect({ ...to, noDelay: true, allowHalfOpen: true });
    const link: Link = { near, far, stalled: false };
    links.add(link);
    for (const [from, towards] of [
      [near, far],
      [far, near],
    ] as const) {
      pump(from, towards, { link, impairment: () => impairment, random });
      from.on('error', () => undefined);
      from.once('close', () => {
        // After a proper end what it sent is still on its way. Broken off, the other side learns of it at once.
        if (!from.readableEnded) towards.destroy();
        if (towards.destroyed) links.delete(link);
      });
    }
    draw(link);
  });

  function draw(link: Link): void {
    if (random() < impairment.resetShare) {
      link.near.resetAndDestroy();
      link.far.destroy();
    } else if (random() < impairment.stallShare) {
      link.stalled = true;
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(listen.port, listen.host, resolve);
  });
  const { address, port } = server.address() as AddressInfo;
  return {
    address: `${address}:${port}`,
    set(next) {
      impairment = next;
      for (const link of links) {
        // What stalled is lost: its bytes were dropped. It stays so until its ends give up, as behind a real hole.
        if (!link.stalled) draw(link);
      }
    },
    connections: () => links.size,
    async close() {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      for (const { near, far } of links) {
        near.destroy();
        far.destroy();
      }
      await closed;
    },
  };
}

type Link = { readonly near: Socket; readonly far: Socket; stalled: boolean };
type Way = { readonly link: Link; impairment(): Impairment; random(): number };

type Piece = { readonly atMs: number; readonly bytes: number; leave(): void };

/** One direction: pieces leave in their order, each at its time; the end of the stream is the last piece. */
function pump(from: Socket, towards: Socket, way: Way): void {
  // One timer for the first of them: timers of their own would overtake each other by a moment.
  const queue: Piece[] = [];
  let timer: NodeJS.Timeout | undefined;
  let previousAtMs = 0;
  let held = 0;

  function depart(): void {
    timer = undefined;
    const nowMs = performance.now();
    while (queue[0] !== undefined && queue[0].atMs <= nowMs) {
      const piece = queue.shift();
      held -= piece?.bytes ?? 0;
      if (!way.link.stalled && !towards.destroyed) piece?.leave();
    }
    if (held <= HELD_BYTES_MAX && !towards.writableNeedDrain) from.resume();
    const [next] = queue;
    if (next !== undefined) timer = setTimeout(depart, next.atMs - nowMs);
  }

  function later(bytes: number, leave: () => void): void {
    previousAtMs = departureOf({ arrivedAtMs: performance.now(), bytes, previousAtMs }, way.impairment(), () => way.random());
    queue.push({ atMs: previousAtMs, bytes, leave });
    held += bytes;
    if (held > HELD_BYTES_MAX) from.pause();
    if (timer === undefined) depart();
  }

  from.on('data', (piece: Buffer) => {
    later(piece.length, () => {
      if (!towards.write(piece)) from.pause();
    });
  });
  towards.on('drain', () => {
    if (held <= HELD_BYTES_MAX) from.resume();
  });
  from.on('end', () => later(0, () => towards.end()));
  towards.once('close', () => clearTimeout(timer));
}
