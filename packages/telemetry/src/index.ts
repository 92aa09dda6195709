export type { Counter, Gauge, Histogram, Logger, Metrics, Telemetry } from './telemetry.ts';
