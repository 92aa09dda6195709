import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Rpc } from '@bioscope/rpc';
import type { Engine } from '../engine/engine.ts';
import { headerOf } from '../exchange.ts';
import { BRIDGE_MOUNT } from './bridge.ts';
import { HANDOVER_HEADER, readHandover } from './handover.ts';

const PREFIX = `/http/gateway${BRIDGE_MOUNT}`;

/**
 * Takes what gateways of other regions hand over: on the RPC listener, which lets in who proves to be a gateway and nobody else. The requests pass all filters
 * of this gateway as if their clients had come here, and are handed over no further.
 */
export function takeOver(rpc: Pick<Rpc, 'mount'>, engine: Pick<Engine, 'take'>): void {
  rpc.mount(BRIDGE_MOUNT, (request, response) => take(engine, request, response), ['gateway']);
}

async function take(engine: Pick<Engine, 'take'>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const handover = readHandover(headerOf(request.rawHeaders, HANDOVER_HEADER));
  if (handover === undefined) {
    // A gateway of another version: it is told that nothing happened, and serves the request itself.
    response.writeHead(503, { 'bioscope-ran': 'no', connection: 'close' });
    response.end();
    return;
  }
  await engine.take(request, response, { handover, target: (request.url ?? '').slice(PREFIX.length) });
}
