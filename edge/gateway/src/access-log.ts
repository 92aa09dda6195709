import type { Counter, Gauge, Histogram, Logger, Metrics } from '@bioscope/telemetry';
import { HOST_CLASSES, STAMPS } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import type { Origins } from './origins.ts';

export type AccessLog = { record(exchange: Exchange): void };

/** One line and one observation per request. Queries and header values are not logged: they may carry what is secret. */
export function createAccessLog({ log, metrics, origins }: { log: Logger; metrics: Metrics; origins: Origins }): AccessLog {
  const requests: Counter = metrics.counter('bioscope_gateway_requests_total', 'Requests by how they ended.', ['host', 'route', 'outcome']);
  const bridged: Counter = metrics.counter('bioscope_gateway_bridged_total', 'Requests handed to another region’s gateway.', [
    'region',
    'outcome',
  ]);
  const takenOver: Counter = metrics.counter('bioscope_gateway_taken_over_total', 'Requests from another region’s gateway.', [
    'region',
    'outcome',
  ]);
  const seconds: Histogram = metrics.histogram(
    'bioscope_gateway_request_seconds',
    'From the head of the request to the end of the answer.',
    ['host', 'route'],
  );
  const underWay: Gauge = metrics.gauge('bioscope_gateway_under_way_requests', 'Requests that wait for a unit.', ['host']);
  return {
    record(exchange) {
      const host = exchange.hostClass ?? 'none';
      const route = exchange.route?.id ?? 'none';
      const received = exchange.stamps[STAMPS.received] ?? Number.NaN;
      requests.add({ host, route, outcome: exchange.outcome });
      if (exchange.bridgedTo !== '') bridged.add({ region: exchange.bridgedTo, outcome: exchange.outcome });
      if (exchange.handover !== undefined) takenOver.add({ region: exchange.handover.from, outcome: exchange.outcome });
      seconds.observe({ host, route }, ((exchange.stamps[STAMPS.done] ?? received) - received) / 1_000);
      for (const name of HOST_CLASSES) underWay.set({ host: name }, origins.underWay(name));
      log.info(lineOf(exchange, host, route, received), 'request');
    },
  };
}

function lineOf(exchange: Exchange, host: string, route: string, received: number): object {
  return {
    requestId: exchange.requestId,
    trace: exchange.traceparent,
    client: exchange.clientAddress,
    host,
    method: exchange.method,
    path: exchange.path,
    route,
    status: exchange.status,
    outcome: exchange.outcome,
    bytesOut: exchange.bytesOut,
    upstream: exchange.upstream,
    attempts: exchange.attempts,
    ...(exchange.handover === undefined ? {} : { cameFrom: exchange.handover.from }),
    ...(exchange.bridgedTo === '' ? {} : { bridgedTo: exchange.bridgedTo }),
    ms: timesOf(exchange, received),
  };
}

/** Milliseconds since the request was received, to a hundredth, of the states that it reached. */
function timesOf(exchange: Exchange, received: number): Record<string, number> {
  const times: Record<string, number> = {};
  for (const [state, index] of Object.entries(STAMPS)) {
    const at = exchange.stamps[index] ?? Number.NaN;
    if (index > 0 && !Number.isNaN(at)) times[state] = Math.round((at - received) * 100) / 100;
  }
  return times;
}
