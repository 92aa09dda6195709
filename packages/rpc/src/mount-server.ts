import type { IncomingMessage, ServerResponse } from 'node:http';
import { childTraceparent } from '@bioscope/telemetry';
import type { Logger } from '@bioscope/telemetry';
import { requestIdOf } from './call-context.ts';
import { RpcError } from './error.ts';
import type { FaultPoint, RpcFaults } from './faults.ts';
import { mountFaulty } from './faulty-mount.ts';
import { CALLER_HEADER, TRACE_HEADER } from './headers.ts';
import type { Identity } from './identity.ts';
import type { HttpContext } from './port.ts';
import type { Registry } from './registry.ts';
import { admit, sendError } from './unary-server.ts';

export const MOUNT_PREFIX = '/http/';

export type MountServer = {
  readonly identity: Identity;
  readonly log: Logger;
  readonly registry: Registry;
  readonly faults: RpcFaults | undefined;
};

/** Hands `/http/<unit>/…` to the unit's mount. Never rejects: a handler that fails is answered for, or its connection broken. */
export async function answerMount(server: MountServer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const target = targetOf(request.url ?? '');
    if (target === undefined) throw new RpcError('not_found', 'the path must be /http/<unit>/…', { surelyNotRun: true });
    const mount = server.registry.mounted(target.unit, target.url.pathname);
    if (mount === undefined)
      throw new RpcError('not_found', `nothing is mounted at ${target.url.pathname} of "${target.unit}"`, { surelyNotRun: true });
    const caller = admit(server.identity, mount.guests, request.headers[CALLER_HEADER], mount.unit);
    const context = {
      caller,
      path: target.url.pathname,
      url: target.url,
      requestId: requestIdOf(request),
      traceparent: childTraceparent(textOf(request.headers[TRACE_HEADER])),
    };
    const handle = (): void | Promise<void> => mount.handler(request, response, context);
    const injection = server.faults?.isActive === true ? server.faults.at(pointOf(mount.unit, context, request)) : undefined;
    await (injection === undefined ? handle() : mountFaulty(injection, response, handle));
  } catch (fault) {
    if (!(fault instanceof RpcError)) server.log.error({ err: fault, path: request.url }, 'a mount failed');
    sendError(request, response, fault instanceof RpcError ? fault : new RpcError('internal', 'internal error'));
  }
}

function pointOf(callee: string, { caller, path }: HttpContext, request: IncomingMessage): FaultPoint {
  return { side: 'server', caller, callee, method: path, header: (name) => textOf(request.headers[name.toLowerCase()]) };
}

/** The URL parser resolves dot segments, encoded ones too, so a path cannot climb out of its mount. */
function targetOf(path: string): { unit: string; url: URL } | undefined {
  const match = /^\/http\/([a-z][a-z0-9-]*)(\/.*)$/.exec(path);
  const [, unit, rest] = match ?? [];
  if (unit === undefined || rest === undefined) return undefined;
  // A path of two slashes would be read as a host: the base is put in front as text.
  const url = URL.parse(`http://${unit}${rest}`);
  return url === null ? undefined : { unit, url };
}

function textOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
