import { RegionsService } from '@bioscope/regions/contract';
import type { Client, Rpc } from '@bioscope/rpc';
import type { Logger } from '@bioscope/telemetry';
import type { Tally } from './tally.ts';

export type HealthReports = {
  /** Says once that this gateway is leaving, and then nothing more. */
  leave(): Promise<void>;
  /** Says nothing more. */
  close(): void;
};

/** Silent for 3 s, a gateway is not answered any more: two reports may be lost. */
const EVERY_MS = 1_000;
/** The one asked first answers in milliseconds; if not, the next one is asked within the same second. */
const FIRST_DEADLINE_MS = 400;
/** Of the last one there is: better late than never, and still before this gateway counts as silent. */
const LAST_DEADLINE_MS = 2_000;
/** Two that hang are too many already: the next report comes in a second. */
const ATTEMPTS_MAX = 2;
/** What the contract takes; after a long pause of the process the counts are of that pause. */
const OVER_MS_MAX = 60_000;
/** Instances of regions over the life of one process; beyond it a client is made anew for each report. */
const CLIENTS_MAX = 1_000;

type Reporting = Pick<Client<typeof RegionsService>, 'reportHealth'>;

/**
 * Tells the unit `regions`, once a second, how this gateway is; nobody, where there is none. One instance is told, as they have one store, and counts that come twice would
 * count twice: the one that took the last report, else the nearest. `load` is asked once per report.
 */
export function reportHealth(needs: {
  rpc: Pick<Rpc, 'client' | 'addressesOf'>;
  logger: Logger;
  place: { readonly region: string; readonly zone: string; readonly address: string };
  tally: Pick<Tally, 'take'>;
  load: () => number;
  /** Monotonic. */
  nowMs: () => number;
}): HealthReports {
  const { rpc, logger, place, tally, nowMs } = needs;
  const clients = new Map<string, Reporting>();
  let takenAtMs = nowMs();
  let taker = '';
  let failing = false;

  function clientAt(address: string): Reporting {
    const client = clients.get(address) ?? rpc.client(RegionsService, { at: address });
    if (clients.size < CLIENTS_MAX) clients.set(address, client);
    return client;
  }

  async function report(draining: boolean): Promise<void> {
    const overMs = Math.min(Math.max(nowMs() - takenAtMs, 1), OVER_MS_MAX);
    takenAtMs = nowMs();
    const said = { ...place, ...tally.take(), overMs, load: needs.load(), capacityPerSecond: 0, draining };
    const known = rpc.addressesOf('regions');
    const order = [...known.filter((address) => address === taker), ...known.filter((address) => address !== taker)].slice(0, ATTEMPTS_MAX);
    let fault: unknown;
    for (const [index, address] of order.entries()) {
      try {
        await clientAt(address).reportHealth(said, { deadlineMs: index === order.length - 1 ? LAST_DEADLINE_MS : FIRST_DEADLINE_MS });
        if (failing) logger.info({}, 'this gateway’s reports are taken again');
        failing = false;
        taker = address;
        return;
      } catch (cause) {
        fault = cause;
      }
    }
    taker = '';
    if (order.length > 0 && !failing) logger.warn({ err: fault }, 'no instance of regions takes this gateway’s reports');
    failing = order.length > 0;
  }

  const timer = setInterval(() => void report(false), EVERY_MS);
  return {
    async leave() {
      clearInterval(timer);
      await report(true);
    },
    close() {
      clearInterval(timer);
    },
  };
}
