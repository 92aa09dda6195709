import type { Answered } from './transport/answered.ts';
import { createClientAddresses } from './transport/client-addresses.ts';
import { listenTcp } from './transport/listen-tcp.ts';
import { listenUdp } from './transport/listen-udp.ts';
import type { Listening } from './transport/listen-udp.ts';
import { createCookies } from './protect/cookies.ts';
import { createRateLimiter } from './protect/rate-limiter.ts';
import type { RateLimits } from './protect/rate-limiter.ts';
import { createResponder } from './respond.ts';
import type { Steering } from './steer/port.ts';
import type { Zone } from './zone/zone.ts';

export type NameServerParts = {
  readonly zone: Zone;
  readonly steering: Steering;
  readonly cookieSecrets: readonly Uint8Array[];
  readonly serverId: string;
  readonly rateLimits: RateLimits;
  readonly answered: Answered;
  readonly nowMs: () => number;
  readonly onFault: (cause: unknown) => void;
};

export type NameServer = {
  /** The same by UDP and TCP on every address. */
  readonly port: number;
  close(): Promise<void>;
};

/** A port that is free by UDP need not be so by TCP, and on the other addresses. */
const PORTS_TRIED_MAX = 20;

/** Listens on all addresses by UDP and TCP; port 0 chooses one that is free on all of them. Rejects when one cannot be had. */
export async function startNameServer(
  parts: NameServerParts,
  { addresses, port }: { addresses: readonly string[]; port: number },
): Promise<NameServer> {
  const serverId = Uint8Array.from(Buffer.from(parts.serverId, 'latin1'));
  const responder = createResponder({ ...parts, serverId, cookies: createCookies(parts.cookieSecrets) });
  const answering = { ...parts, responder, limiter: createRateLimiter(parts.rateLimits), addresses: createClientAddresses() };
  for (let attempt = 1; ; attempt += 1) {
    const listening: Listening[] = [];
    const close = async (): Promise<void> => {
      await Promise.all(listening.map((each) => each.close()));
    };
    try {
      for (const address of addresses) {
        listening.push(await listenUdp(answering, { address, port: port === 0 ? (listening[0]?.port ?? 0) : port }));
        listening.push(await listenTcp(answering, { address, port: listening[0]?.port ?? port }));
      }
      return { port: listening[0]?.port ?? port, close };
    } catch (error) {
      await close();
      if (port !== 0 || attempt === PORTS_TRIED_MAX) throw error;
    }
  }
}
