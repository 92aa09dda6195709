/** Structured logging. Fields first, then the message, as in pino. Secrets, tokens and passwords are never logged. */
export type Logger = {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Logger;
};

/** Label values must come from a closed or small set: never ids of members, titles or sessions. */
export type Counter = { add(labels: Record<string, string>, by?: number): void };
export type Gauge = { set(labels: Record<string, string>, value: number): void };
export type Histogram = { observe(labels: Record<string, string>, value: number): void };

/** Prometheus metrics. Names: `bioscope_<unit>_<what>_<unit of measure>`, seconds and bytes. Asking twice for a name answers the same metric. */
export type Metrics = {
  counter(name: string, help: string, labels?: readonly string[]): Counter;
  gauge(name: string, help: string, labels?: readonly string[]): Gauge;
  histogram(name: string, help: string, labels?: readonly string[], buckets?: readonly number[]): Histogram;
  /** The exposition text of all metrics. */
  text(): Promise<string>;
};

export type Telemetry = { readonly log: Logger; readonly metrics: Metrics };
