import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { RpcError } from './error.ts';
import type { Injection } from './faults.ts';
import { tamper } from './tamper.ts';

/**
 * A mount's handler under a fault: delay, error and silence as with calls; `corrupt` inverts a byte of each piece that is written, `truncate`
 * breaks the connection off after half of the first piece. Streams are neither repeated nor doubled: `stale` and `duplicate` let them pass.
 */
export async function mountFaulty(injection: Injection, response: ServerResponse, handle: () => void | Promise<void>): Promise<void> {
  if (injection.delayMs > 0) await sleep(injection.delayMs);
  if (response.destroyed) return;
  if (injection.effect === 'error') throw new RpcError(injection.code, 'a fault on purpose');
  if (injection.effect === 'drop' || injection.effect === 'half-open') {
    // The connection stays, and nothing comes: until the caller has enough of it.
    await new Promise<void>((resolve) => {
      response.once('close', resolve);
    });
    return;
  }
  if (injection.effect === 'corrupt' || injection.effect === 'truncate') tamperWrites(injection, response);
  await handle();
}

function tamperWrites(injection: Injection, response: ServerResponse): void {
  const write = response.write.bind(response);
  const end = response.end.bind(response);
  const through = (piece: unknown): Uint8Array | undefined => {
    if (typeof piece === 'string') return tamper(injection, Buffer.from(piece));
    return piece instanceof Uint8Array ? tamper(injection, piece) : undefined;
  };
  const cut = (): void => void response.destroy();
  Object.assign(response, {
    write(piece: unknown, ...rest: unknown[]): boolean {
      const told = rest.find((each) => typeof each === 'function') as (() => void) | undefined;
      return write(through(piece) ?? '', injection.effect === 'truncate' ? cut : () => told?.());
    },
    end(piece?: unknown): ServerResponse {
      const last = through(piece);
      if (last === undefined) return end();
      if (injection.effect === 'corrupt') return end(last);
      write(last, cut);
      return response;
    },
  });
}
