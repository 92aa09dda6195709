export { createTelemetry } from './create-telemetry.ts';
export { humanLine } from './human.ts';
export type { TelemetryOptions } from './create-telemetry.ts';
export { LOG_FORMATS, LOG_LEVELS, readTelemetryConfig } from './config.ts';
export type { LogFormat, LogLevel, TelemetryConfig } from './config.ts';
export { childTraceparent, newTraceparent, parseTraceparent } from './trace.ts';
export type { TraceContext } from './trace.ts';
export type { Counter, Gauge, Histogram, Logger, Metrics, Telemetry } from './telemetry.ts';
