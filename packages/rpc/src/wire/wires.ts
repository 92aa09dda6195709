import { connect, type Socket } from 'node:net';
import { AnswerReader, type Answer } from './answer-reader.ts';

/** One POST with a body that is there as a whole. `headers`: whole lines, each ended by CR LF, without host and content-length. */
export type WireRequest = {
  readonly path: string;
  readonly headers: string;
  readonly body: Uint8Array;
  /** A larger answer breaks the connection. */
  readonly answerBytesMax: number;
};

export type Outcome =
  | ({ readonly kind: 'answer' } & Answer)
  /** No whole answer. `sent`: the request may have reached the other side. */
  | { readonly kind: 'broken'; readonly sent: boolean; readonly cause: Error };

/** Nobody waits any more: a request that was not sent yet is never sent, the connection of one that was is given up. `settle` is not called. */
export type Abandon = () => void;

/**
 * Connections for unary calls, by address. HTTP/1.1, one request at a time on each: a slow answer holds up nobody else. Its own client, because
 * small calls between units are what this package is measured by (decision note 7): head and body leave in one write, and an answer that arrives in one piece is read in one pass.
 */
export type Wires = {
  /** `settle` is called once, later. */
  send(address: string, request: WireRequest, settle: (outcome: Outcome) => void): Abandon;
  /** Lets go of addresses that are no longer in any picture; what is under way there finishes. */
  keepOnly(addresses: ReadonlySet<string>): void;
  close(): void;
};

type Ask = { readonly request: WireRequest; readonly settle: (outcome: Outcome) => void; wire: Wire | undefined };
type Wire = { readonly socket: Socket; reader: AnswerReader; ask: Ask | undefined; connected: boolean; idleSinceMs: number };
type Lane = {
  readonly address: string;
  readonly host: string;
  readonly port: number;
  readonly connectionsMax: number;
  readonly wires: Set<Wire>;
  readonly idle: Wire[];
  waiting: Ask[];
  leaving: boolean;
};

/** The other side is near: a machine that does not answer a SYN within this time is gone. */
const CONNECT_TIMEOUT_MS = 1_000;
/** Below the server's 65 s, so that requests do not run into a closing connection. */
const IDLE_MS_MAX = 30_000;
/** Above it copying costs more than a second write. */
const ONE_WRITE_BYTES_MAX = 16_384;

export function createWires({ connectionsMax }: { connectionsMax: number }): Wires {
  const lanes = new Map<string, Lane>();

  function laneTo(address: string): Lane {
    let lane = lanes.get(address);
    if (lane === undefined) {
      const { hostname, port } = new URL(`http://${address}`);
      const host = hostname.replace(/^\[|\]$/g, '');
      lane = { address, host, port: Number(port || 80), connectionsMax, wires: new Set(), idle: [], waiting: [], leaving: false };
      lanes.set(address, lane);
    }
    return lane;
  }

  return {
    send(address, request, settle) {
      const lane = laneTo(address);
      const ask: Ask = { request, settle, wire: undefined };
      lane.waiting.push(ask);
      next(lane);
      return () => {
        if (ask.wire === undefined) lane.waiting = lane.waiting.filter((other) => other !== ask);
        else if (ask.wire.ask === ask) drop(ask.wire);
      };
    },
    keepOnly(addresses) {
      for (const [address, lane] of lanes) {
        if (addresses.has(address)) continue;
        lanes.delete(address);
        lane.leaving = true;
        for (const wire of lane.idle.splice(0)) drop(wire);
      }
    },
    close() {
      for (const lane of lanes.values()) {
        lane.leaving = true;
        for (const ask of lane.waiting.splice(0)) ask.settle({ kind: 'broken', sent: false, cause: new Error('the caller is closing') });
        for (const wire of lane.wires) wire.socket.destroy(new Error('the caller is closing'));
      }
      lanes.clear();
    },
  };
}

/** The one used last: the others grow old and go. */
function idleWire(lane: Lane): Wire | undefined {
  for (;;) {
    const wire = lane.idle.pop();
    if (wire === undefined) return undefined;
    if (!wire.socket.destroyed && Date.now() - wire.idleSinceMs < IDLE_MS_MAX) return wire;
    drop(wire);
  }
}

function open(lane: Lane, ask: Ask): void {
  const socket = connect({ host: lane.host, port: lane.port, noDelay: true });
  const wire: Wire = { socket, reader: new AnswerReader(ask.request.answerBytesMax), ask, connected: false, idleSinceMs: 0 };
  ask.wire = wire;
  lane.wires.add(wire);
  const timer = setTimeout(() => socket.destroy(new Error('no connection within the time allowed')), CONNECT_TIMEOUT_MS);
  let failure = new Error('the connection ended before the answer');
  socket.once('connect', () => {
    clearTimeout(timer);
    wire.connected = true;
    if (wire.ask !== undefined) begin(lane, wire, wire.ask);
  });
  socket.on('data', (piece: Buffer) => {
    if (wire.ask === undefined) return drop(wire);
    try {
      const answer = wire.reader.push(piece);
      if (answer !== null) finish(lane, wire, answer);
    } catch (cause) {
      socket.destroy(cause instanceof Error ? cause : new Error(String(cause)));
    }
  });
  socket.on('end', () => {
    const answer = wire.ask === undefined ? null : wire.reader.end();
    if (answer !== null) finish(lane, wire, answer);
  });
  socket.on('error', (cause) => (failure = cause));
  socket.once('close', () => {
    clearTimeout(timer);
    lane.wires.delete(wire);
    const at = lane.idle.indexOf(wire);
    if (at !== -1) lane.idle.splice(at, 1);
    const lost = wire.ask;
    wire.ask = undefined;
    lost?.settle({ kind: 'broken', sent: wire.connected, cause: failure });
    next(lane);
  });
}

function begin(lane: Lane, wire: Wire, ask: Ask): void {
  wire.ask = ask;
  ask.wire = wire;
  const { path, headers, body, answerBytesMax } = ask.request;
  wire.reader = new AnswerReader(answerBytesMax);
  const head = `POST ${path} HTTP/1.1\r\nhost: ${lane.address}\r\n${headers}content-length: ${body.length}\r\n\r\n`;
  if (body.length <= ONE_WRITE_BYTES_MAX) {
    wire.socket.write(head + Buffer.from(body.buffer, body.byteOffset, body.length).toString('latin1'), 'latin1');
    return;
  }
  wire.socket.cork();
  wire.socket.write(head, 'latin1');
  wire.socket.write(body);
  wire.socket.uncork();
}

function finish(lane: Lane, wire: Wire, answer: Answer): void {
  const { ask } = wire;
  wire.ask = undefined;
  if (answer.reusable && !lane.leaving) {
    wire.idleSinceMs = Date.now();
    lane.idle.push(wire);
  } else {
    drop(wire);
  }
  ask?.settle({ kind: 'answer', ...answer });
  next(lane);
}

/** Gives a free place to who waited longest. */
function next(lane: Lane): void {
  const ask = lane.waiting[0];
  if (ask === undefined) return;
  const wire = idleWire(lane);
  if (wire === undefined && lane.wires.size >= lane.connectionsMax) return;
  lane.waiting.shift();
  if (wire === undefined) open(lane, ask);
  else begin(lane, wire, ask);
}

/** Closes without telling whoever waited for it. */
function drop(wire: Wire): void {
  wire.ask = undefined;
  wire.socket.destroy();
}
