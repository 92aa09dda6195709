import type { Exchange } from '../exchange.ts';
import type { Chain } from '../filters/chain.ts';
import type { Origins } from '../origins.ts';

/** Moves requests and answers between sockets; everything that is decided about them is in the chain and the origins. */
export type Engine = {
  /** host:port */
  readonly address: string;
  /** Stops accepting, cuts long polls short, finishes what is under way, closes the rest when the signal aborts. */
  drain(deadline: AbortSignal): Promise<void>;
  close(): Promise<void>;
};

export type EngineNeeds = {
  readonly listen: { readonly address: string; readonly port: number; readonly sharesPort: boolean };
  readonly chain: Chain;
  readonly origins: Origins;
  /** Called once per exchange, when its answer has ended one way or the other. */
  finished(exchange: Exchange): void;
};
