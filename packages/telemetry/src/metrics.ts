import * as prometheus from 'prom-client';
import type { Counter, Gauge, Histogram, Metrics } from './telemetry.ts';

/** Label sets per metric; more means that a label holds ids. Those beyond are dropped and counted. */
const SERIES_MAX = 2_000;
const NAME = /^bioscope_[a-z][a-z0-9]*(?:_[a-z0-9]+)+$/;

type Kind = 'counter' | 'gauge' | 'histogram';
type Known = { readonly kind: Kind; readonly labels: readonly string[]; readonly metric: Counter | Gauge | Histogram };

/** One registry per process. `processMetrics` adds CPU, memory, event loop and garbage collection figures. */
export function createMetrics(options: { processMetrics: boolean }): Metrics {
  const registry = new prometheus.Registry();
  if (options.processMetrics) prometheus.collectDefaultMetrics({ register: registry });
  const dropped = new prometheus.Counter({
    name: 'bioscope_telemetry_dropped_series',
    help: 'Observations dropped because a metric has too many label sets.',
    labelNames: ['metric'],
    registers: [registry],
  });
  const known = new Map<string, Known>();

  const once = <T extends Counter | Gauge | Histogram>(
    name: string,
    kind: Kind,
    labels: readonly string[],
    make: (admit: Admit) => T,
  ): T => {
    const before = known.get(name);
    if (before !== undefined) {
      if (before.kind === kind && sameLabels(before.labels, labels)) return before.metric as T;
      throw new Error(
        `metric ${name} was declared as a ${before.kind} with labels [${before.labels.join(', ')}], now as a ${kind} with [${labels.join(', ')}]`,
      );
    }
    if (!NAME.test(name)) throw new Error(`metric name "${name}": use bioscope_<unit>_<what>_<unit of measure>`);
    const metric = make(admitter(name, labels, () => dropped.inc({ metric: name })));
    known.set(name, { kind, labels: [...labels], metric });
    return metric;
  };

  return {
    counter: (name, help, labels = []) =>
      once(name, 'counter', labels, (admit): Counter => {
        const counter = new prometheus.Counter({ name, help, labelNames: [...labels], registers: [registry] });
        return { add: (values, by = 1) => admit(values) && counter.inc(values, by) };
      }),
    gauge: (name, help, labels = []) =>
      once(name, 'gauge', labels, (admit): Gauge => {
        const gauge = new prometheus.Gauge({ name, help, labelNames: [...labels], registers: [registry] });
        return { set: (values, value) => admit(values) && gauge.set(values, value) };
      }),
    histogram: (name, help, labels = [], buckets = prometheus.exponentialBuckets(0.001, 2, 15)) =>
      once(name, 'histogram', labels, (admit): Histogram => {
        const histogram = new prometheus.Histogram({ name, help, labelNames: [...labels], buckets: [...buckets], registers: [registry] });
        return { observe: (values, value) => admit(values) && histogram.observe(values, value) };
      }),
    text: () => registry.metrics(),
  };
}

type Admit = (values: Record<string, string>) => boolean;

function admitter(name: string, labels: readonly string[], onDropped: () => void): Admit {
  const seen = new Set<string>();
  return (values) => {
    let key = '';
    for (const label of labels) {
      const value = values[label];
      if (value === undefined) throw new Error(`metric ${name}: label "${label}" is missing`);
      key += `${value}\u0000`;
    }
    if (seen.has(key)) return true;
    if (seen.size >= SERIES_MAX) {
      onDropped();
      return false;
    }
    seen.add(key);
    return true;
  };
}

function sameLabels(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((label) => right.includes(label));
}
