/** Who calls: `<caller>.<audience>.<expiry in seconds>.<mac>`. */
export const CALLER_HEADER = 'bioscope-caller';
/** `no` on an answer whose handler surely did not run: safe to send again. */
export const RAN_HEADER = 'bioscope-ran';
export const REQUEST_ID_HEADER = 'x-request-id';
export const TRACE_HEADER = 'traceparent';
export const TIMEOUT_HEADER = 'connect-timeout-ms';
export const PROTOCOL_HEADER = 'connect-protocol-version';
/** Who asks, sealed by the gateway; calls made within a request hand it on as it came. Made and checked by packages/passport. */
export const PASSPORT_HEADER = 'bioscope-passport';
/** Whom a fault on purpose may concern (packages/chaos); said by the gateway only, handed on as it came, in processes where faults are possible. */
export const SCOPE_HEADER = 'bioscope-scope';
