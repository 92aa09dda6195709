import type { Kind } from '../values/value.ts';

export type ExtensionFunction = {
  readonly style: 'function' | 'method';
  readonly operands: readonly Kind[];
  readonly result: Kind;
};

const compares = { style: 'method', operands: ['decimal', 'decimal'], result: 'bool' } as const;
const ofIp = { style: 'method', operands: ['ipaddr'], result: 'bool' } as const;
const ofDuration = { style: 'method', operands: ['duration'], result: 'long' } as const;

/** The extension types of Cedar 4: decimal, ipaddr, datetime and duration. */
export const EXTENSION_FUNCTIONS: ReadonlyMap<string, ExtensionFunction> = new Map<string, ExtensionFunction>([
  ['decimal', { style: 'function', operands: ['string'], result: 'decimal' }],
  ['lessThan', compares],
  ['lessThanOrEqual', compares],
  ['greaterThan', compares],
  ['greaterThanOrEqual', compares],
  ['ip', { style: 'function', operands: ['string'], result: 'ipaddr' }],
  ['isIpv4', ofIp],
  ['isIpv6', ofIp],
  ['isLoopback', ofIp],
  ['isMulticast', ofIp],
  ['isInRange', { style: 'method', operands: ['ipaddr', 'ipaddr'], result: 'bool' }],
  ['datetime', { style: 'function', operands: ['string'], result: 'datetime' }],
  ['duration', { style: 'function', operands: ['string'], result: 'duration' }],
  ['offset', { style: 'method', operands: ['datetime', 'duration'], result: 'datetime' }],
  ['durationSince', { style: 'method', operands: ['datetime', 'datetime'], result: 'duration' }],
  ['toDate', { style: 'method', operands: ['datetime'], result: 'datetime' }],
  ['toTime', { style: 'method', operands: ['datetime'], result: 'duration' }],
  ['toMilliseconds', ofDuration],
  ['toSeconds', ofDuration],
  ['toMinutes', ofDuration],
  ['toHours', ofDuration],
  ['toDays', ofDuration],
]);
