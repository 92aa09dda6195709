import { isIP } from 'node:net';
import type { Clock } from '../clock.ts';
import type { Asker, Resolve } from './resolve.ts';

/** The names one client knows, each until its time to live has passed. */
export type Names = {
  /** Addresses, the best first; empty when there are none to be had. Never rejects. */
  lookUp(host: string): Promise<readonly string[]>;
  /** Nothing listens there: the others first, until the name is asked for again. */
  failed(host: string, address: string): void;
};

/** A viewer knows three doors; appliances go by address. */
const NAMES_MAX = 64;
/** A resolver that says zero would be asked for every request. */
const TTL_SECONDS_MIN = 1;

export function createNames(resolve: Resolve, clock: Clock, asker: Asker): Names {
  const known = new Map<string, { addresses: readonly string[]; untilMs: number }>();
  const asking = new Map<string, Promise<readonly string[]>>();

  const ask = async (host: string): Promise<readonly string[]> => {
    try {
      const { addresses, ttlSeconds } = await resolve(host, asker);
      if (known.size >= NAMES_MAX) known.clear();
      known.set(host, { addresses, untilMs: clock.nowMs() + Math.max(TTL_SECONDS_MIN, ttlSeconds) * 1000 });
      return addresses;
    } catch {
      // No answer is not kept: whoever asks next asks anew.
      return [];
    }
  };

  return {
    async lookUp(host) {
      const literal = host.replace(/^\[(.*)\]$/, '$1');
      if (isIP(literal) !== 0) return [literal];
      const found = known.get(host);
      if (found !== undefined && clock.nowMs() < found.untilMs) return found.addresses;
      const running = asking.get(host) ?? ask(host).finally(() => asking.delete(host));
      asking.set(host, running);
      return running;
    },
    failed(host, address) {
      const found = known.get(host);
      if (found === undefined) return;
      known.set(host, { ...found, addresses: [...found.addresses.filter((each) => each !== address), address] });
    },
  };
}
