import { setTimeout as sleep } from 'node:timers/promises';
import { CODES, RpcError } from '../src/index.ts';
import type { Handlers } from '../src/index.ts';
import type { EchoService } from '../contract/index.ts';

/** Handlers that do what they are asked, and keep the signals they saw. */
export function echoHandlers(seen: { signals: AbortSignal[] } = { signals: [] }): Handlers<typeof EchoService> {
  return {
    async echo(request, context) {
      if (request.delayMs > 0) {
        seen.signals.push(context.signal);
        await sleep(request.delayMs, undefined, { signal: context.signal });
      }
      return { text: request.text, number: request.number, caller: context.caller };
    },
    fail(request) {
      const code = CODES.find((known) => known === request.code);
      if (code === undefined) throw new Error(request.message);
      throw new RpcError(code, request.message, { details: [{ type: 'bioscope.echo.v1.FailRequest', value: 'CgF4' }] });
    },
  };
}
