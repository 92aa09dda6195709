/** What one gateway counted over a short time, as it is kept. */
export type Report = {
  readonly region: string;
  readonly zone: string;
  readonly address: string;
  /** When it arrived here. */
  readonly atMs: number;
  readonly overMs: number;
  /** From clients; `bridged` of them were handed to another region. */
  readonly requests: number;
  readonly bridged: number;
  readonly errors: number;
  /** From other regions' gateways. */
  readonly takenOver: number;
  readonly starts: number;
  readonly startFailures: number;
  readonly load: number;
  /** 0: unknown. */
  readonly capacityPerSecond: number;
  readonly draining: boolean;
};

/** A gateway that has reported at some time, also when it is silent now. */
export type KnownGateway = { readonly region: string; readonly zone: string; readonly address: string };

export type GatewaySeen = KnownGateway & { readonly healthy: boolean; readonly load: number };

/** A region as its gateways see it, over the last seconds. */
export type Measured = {
  readonly gateways: readonly GatewaySeen[];
  /** Those that report, also while they drain. */
  readonly reporting: number;
  /** 0 when nobody ever reported. */
  readonly lastReportAtMs: number;
  readonly arrivedPerSecond: number;
  readonly bridgedPerSecond: number;
  /** Served in the region, whoever brought it. */
  readonly servedPerSecond: number;
  /** Of what is served here, 0 to 1; with `judged`, on how many requests that rests. */
  readonly errorRate: number;
  readonly judged: number;
  readonly startsPerSecond: number;
  readonly startFailureRate: number;
  readonly startsJudged: number;
  readonly load: number;
  /** 0: unknown. */
  readonly capacityPerSecond: number;
  /** When a client's request last arrived; 0: not within the hour. */
  readonly lastArrivalAtMs: number;
};

/** Gateways report once a second: two may be lost. */
export const SILENT_AFTER_MS = 3_000;
/** Shorter, single seconds decide; longer, a step of an evacuation is judged by what was before it. */
const WINDOW_MS = 3_000;
/** A gateway that fails half of what it is asked helps nobody by being answered. */
const GATEWAY_ERROR_RATE_MAX = 0.5;
/** Below this, one unlucky viewer would take a gateway out. */
const GATEWAY_JUDGED_MIN = 10;

export const UNMEASURED: Measured = {
  gateways: [],
  reporting: 0,
  lastReportAtMs: 0,
  arrivedPerSecond: 0,
  bridgedPerSecond: 0,
  servedPerSecond: 0,
  errorRate: 0,
  judged: 0,
  startsPerSecond: 0,
  startFailureRate: 0,
  startsJudged: 0,
  load: 0,
  capacityPerSecond: 0,
  lastArrivalAtMs: 0,
};

/** Adds up what the gateways said. `reports` may hold several of one gateway and old ones; `capacities` are the operator's, which beat the gateways'. */
export function measure(given: {
  readonly known: readonly KnownGateway[];
  readonly reports: readonly Report[];
  /** Address → when a client's request last arrived there. */
  readonly lastArrivals: ReadonlyMap<string, number>;
  readonly capacities: ReadonlyMap<string, number>;
  readonly nowMs: number;
}): ReadonlyMap<string, Measured> {
  const byAddress = Map.groupBy(given.reports, ({ address }) => address);
  const regions = new Map<string, Measured>();
  for (const [region, gateways] of Map.groupBy(given.known, (gateway) => gateway.region)) {
    const parts = gateways.map((gateway) => measureGateway(gateway, byAddress.get(gateway.address) ?? [], given));
    const capacity = given.capacities.get(region) ?? 0;
    const measured = together(parts);
    regions.set(region, capacity > 0 ? { ...measured, capacityPerSecond: capacity } : measured);
  }
  return regions;
}

type Counted = {
  seconds: number;
  requests: number;
  bridged: number;
  errors: number;
  served: number;
  starts: number;
  startFailures: number;
};
type GatewayPart = {
  readonly seen: GatewaySeen;
  readonly latest: Report | undefined;
  readonly counted: Counted;
  readonly lastArrivalAtMs: number;
  readonly isReporting: boolean;
};

function measureGateway(
  gateway: KnownGateway,
  reports: readonly Report[],
  { nowMs, lastArrivals }: { nowMs: number; lastArrivals: ReadonlyMap<string, number> },
): GatewayPart {
  const latest = reports.reduce<Report | undefined>(
    (newest, each) => (newest !== undefined && newest.atMs >= each.atMs ? newest : each),
    undefined,
  );
  const isReporting = latest !== undefined && nowMs - latest.atMs < SILENT_AFTER_MS;
  const counted = count(reports.filter(({ atMs }) => nowMs - atMs < WINDOW_MS));
  const fails = counted.served >= GATEWAY_JUDGED_MIN && counted.errors / counted.served >= GATEWAY_ERROR_RATE_MAX;
  const healthy = isReporting && !latest.draining && !fails;
  return {
    seen: { ...gateway, healthy, load: latest?.load ?? 0 },
    latest,
    counted,
    isReporting,
    lastArrivalAtMs: lastArrivals.get(gateway.address) ?? 0,
  };
}

function count(reports: readonly Report[]): Counted {
  const sum: Counted = { seconds: 0, requests: 0, bridged: 0, errors: 0, served: 0, starts: 0, startFailures: 0 };
  for (const report of reports) {
    sum.seconds += report.overMs / 1_000;
    sum.requests += report.requests;
    sum.bridged += report.bridged;
    sum.errors += report.errors;
    sum.served += Math.max(0, report.requests - report.bridged) + report.takenOver;
    sum.starts += report.starts;
    sum.startFailures += report.startFailures;
  }
  return sum;
}

function together(parts: readonly GatewayPart[]): Measured {
  const perSecond = (of: (counted: Counted) => number): number =>
    parts.reduce((sum, { counted }) => sum + (counted.seconds > 0 ? of(counted) / counted.seconds : 0), 0);
  const total = (of: (counted: Counted) => number): number => parts.reduce((sum, { counted }) => sum + of(counted), 0);
  const reporting = parts.filter(({ isReporting }) => isReporting);
  const judged = total(({ served }) => served);
  const startsJudged = total(({ starts }) => starts);
  // One gateway that does not know its own makes the region's unknown: a part would look like the whole.
  const capacities = reporting.map(({ latest }) => latest?.capacityPerSecond ?? 0);
  return {
    gateways: parts.map(({ seen }) => seen),
    reporting: reporting.length,
    lastReportAtMs: Math.max(0, ...parts.map(({ latest }) => latest?.atMs ?? 0)),
    arrivedPerSecond: perSecond(({ requests }) => requests),
    bridgedPerSecond: perSecond(({ bridged }) => bridged),
    servedPerSecond: perSecond(({ served }) => served),
    errorRate: judged > 0 ? Math.min(1, total(({ errors }) => errors) / judged) : 0,
    judged,
    startsPerSecond: perSecond(({ starts }) => starts),
    startFailureRate: startsJudged > 0 ? Math.min(1, total(({ startFailures }) => startFailures) / startsJudged) : 0,
    startsJudged,
    load: reporting.length > 0 ? reporting.reduce((sum, { seen }) => sum + seen.load, 0) / reporting.length : 0,
    capacityPerSecond: capacities.some((capacity) => capacity === 0) ? 0 : capacities.reduce((sum, capacity) => sum + capacity, 0),
    lastArrivalAtMs: Math.max(0, ...parts.map(({ lastArrivalAtMs }) => lastArrivalAtMs)),
  };
}
