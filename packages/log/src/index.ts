export { LOG_LIMITS, PARKED_SUFFIX } from './checks.ts';
export * from './port.ts';
export { relay, type Relay, type RelayRequest } from './relay.ts';
