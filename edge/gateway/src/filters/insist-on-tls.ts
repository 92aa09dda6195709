import { isPageHost } from '../exchange.ts';
import { emptyReply, faultReply } from '../reply.ts';
import type { InboundFilter } from './chain.ts';

const LOOPBACK = /^(::ffff:)?127\.|^::1$/;

/**
 * Where there is a door with TLS (`securePort` knows its port), the other one only leads there: pages are redirected, and whatever else comes from another machine is
 * refused, because a token that was sent in the clear once is not secret any more. Programs of this machine, such as the command line, may go on.
 */
export function insistOnTls({ suffix, securePort }: { suffix: string; securePort: () => number | undefined }): InboundFilter['run'] {
  return (exchange) => {
    const port = securePort();
    if (port === undefined || exchange.scheme === 'https' || exchange.handover !== undefined) return undefined;
    const { method, hostClass, path, query, clientAddress } = exchange;
    if (isPageHost(hostClass) && (method === 'GET' || method === 'HEAD')) {
      const host = `${hostClass}.${suffix}${port === 443 ? '' : `:${port}`}`;
      return emptyReply(308, ['location', `https://${host}${path}${query}`, 'cache-control', 'no-store']);
    }
    if (LOOPBACK.test(clientAddress)) return undefined;
    return faultReply(exchange, 403, 'this is answered over TLS only (https)', 'refused');
  };
}
