import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Bridge } from '../bridge/bridge.ts';
import type { Handover } from '../bridge/handover.ts';
import type { Exchange } from '../exchange.ts';
import type { Chain } from '../filters/chain.ts';
import type { Origins } from '../origins.ts';
import type { Certificates } from '../tls/certificates.ts';

/** Moves requests and answers between sockets; everything that is decided about them is in the chain, the origins and the bridge. */
export type Engine = {
  /** host:port */
  readonly address: string;
  /** The same of the door with TLS; undefined where there is none. */
  readonly secureAddress: string | undefined;
  /** Takes a request that another gateway hands over, with the target as it is for clients. Resolves when its answer has ended. */
  take(request: IncomingMessage, response: ServerResponse, handed: { readonly handover: Handover; readonly target: string }): Promise<void>;
  /** Takes no new connection, and says from then on with each answer that it is its connection's last. */
  stopAccepting(): Promise<void>;
  /** After that: cuts long polls short, finishes what is under way, and lets go of idle connections when their clients had time to hear of it; gives up when the signal aborts. */
  drain(deadline: AbortSignal): Promise<void>;
  close(): Promise<void>;
};

export type Listen = { readonly address: string; readonly port: number; readonly sharesPort: boolean };

export type EngineNeeds = {
  readonly listen: Listen;
  /** A second door, with TLS. */
  readonly secure: { readonly listen: Listen; readonly certificates: Certificates } | undefined;
  readonly chain: Chain;
  readonly origins: Origins;
  readonly bridge: Pick<Bridge, 'choose' | 'credential'>;
  /** What another gateway is told with the request. */
  handoverOf(exchange: Exchange): Handover;
  /** Called once per exchange, when its answer has ended one way or the other. */
  finished(exchange: Exchange): void;
};
