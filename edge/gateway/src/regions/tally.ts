import { STAMPS } from '../exchange.ts';
import type { Exchange, Outcome } from '../exchange.ts';

/** What a gateway counts between two reports; see `ReportHealthRequest`. */
export type Counts = {
  readonly requests: number;
  readonly bridged: number;
  readonly errors: number;
  readonly takenOver: number;
  readonly starts: number;
  readonly startFailures: number;
};

export type Tally = {
  /** Counts a request when its answer has ended. */
  record(exchange: Exchange): void;
  /** What was counted since the last time. */
  take(): Counts;
};

const OUR_FAULTS: readonly Outcome[] = ['shed', 'upstream_absent', 'upstream_slow', 'upstream_broke', 'upstream_fault'];
const START = '/bioscope.playback.v1.PlaybackService/StartSession';
const NOTHING: Counts = { requests: 0, bridged: 0, errors: 0, takenOver: 0, starts: 0, startFailures: 0 };

/**
 * Counts requests that needed a unit: what the gateway answers itself, such as redirects and refusals, says nothing about a region. What another region
 * answered, it counts among its own errors and starts; here only that it was handed over.
 */
export function createTally(): Tally {
  let counts = NOTHING;
  return {
    record(exchange) {
      if (exchange.route === undefined || !needsUnit(exchange)) return;
      const isElsewhere = exchange.bridgedTo !== '' && !Number.isNaN(exchange.stamps[STAMPS.headReceived] ?? Number.NaN);
      const failed = !isElsewhere && OUR_FAULTS.includes(exchange.outcome) ? 1 : 0;
      const isStart = !isElsewhere && exchange.path === START ? 1 : 0;
      const isFirst = exchange.handover === undefined ? 1 : 0;
      counts = {
        requests: counts.requests + isFirst,
        bridged: counts.bridged + (exchange.bridgedTo === '' ? 0 : 1),
        errors: counts.errors + failed,
        takenOver: counts.takenOver + (1 - isFirst),
        starts: counts.starts + isStart,
        startFailures: counts.startFailures + isStart * failed,
      };
    },
    take() {
      const taken = counts;
      counts = NOTHING;
      return taken;
    },
  };
}

function needsUnit({ outcome }: Exchange): boolean {
  return outcome !== 'refused' && outcome !== 'client_slow';
}
