import type { IncomingMessage } from 'node:http';
import type { AskedCall } from './passports.ts';

/** A plain HTTP request as a passport reader takes it. `requestId` is that of the mount's context. */
export function askedBy(request: Pick<IncomingMessage, 'headers'>, { requestId }: { readonly requestId: string }): AskedCall {
  return {
    requestId,
    header(name) {
      const value = request.headers[name.toLowerCase()];
      return Array.isArray(value) ? value.join(', ') : value;
    },
  };
}
