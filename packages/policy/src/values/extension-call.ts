import { Datetime, parseDatetime } from './datetime.ts';
import { Decimal, parseDecimal } from './decimal.ts';
import { Duration, parseDuration } from './duration.ts';
import { IpAddress, parseIpAddress } from './ip-address.ts';
import { kindOf } from './value.ts';
import type { Value } from './value.ts';
import { EXTENSION_FUNCTIONS } from '../syntax/extension-functions.ts';

/** The value of a call of an extension function; undefined when it has none: wrong operands, text that is none, overflow. */
export function extensionCall(callee: string, operands: readonly Value[]): Value | undefined {
  const wanted = EXTENSION_FUNCTIONS.get(callee)?.operands;
  const implementation = IMPLEMENTATIONS[callee];
  if (wanted === undefined || implementation === undefined || operands.length !== wanted.length) return undefined;
  const [first, second] = operands;
  if (first === undefined || kindOf(first) !== wanted[0]) return undefined;
  if (wanted.length === 2 && (second === undefined || kindOf(second) !== wanted[1])) return undefined;
  return implementation(first as never, second as never);
}

/** Their operands are checked by whoever calls. */
const IMPLEMENTATIONS: Readonly<Record<string, (first: never, second: never) => Value | undefined>> = {
  decimal: parseDecimal,
  lessThan: (left: Decimal, right: Decimal) => left.scaled < right.scaled,
  lessThanOrEqual: (left: Decimal, right: Decimal) => left.scaled <= right.scaled,
  greaterThan: (left: Decimal, right: Decimal) => left.scaled > right.scaled,
  greaterThanOrEqual: (left: Decimal, right: Decimal) => left.scaled >= right.scaled,
  ip: parseIpAddress,
  isIpv4: (address: IpAddress) => !address.isV6,
  isIpv6: (address: IpAddress) => address.isV6,
  isLoopback: (address: IpAddress) => address.isLoopback(),
  isMulticast: (address: IpAddress) => address.isMulticast(),
  isInRange: (address: IpAddress, range: IpAddress) => address.isInRange(range),
  datetime: parseDatetime,
  duration: parseDuration,
  offset: (instant: Datetime, by: Duration) => instant.offset(by),
  durationSince: (instant: Datetime, other: Datetime) => instant.durationSince(other),
  toDate: (instant: Datetime) => instant.toDate(),
  toTime: (instant: Datetime) => instant.toTime(),
  toMilliseconds: (duration: Duration) => duration.ms,
  toSeconds: (duration: Duration) => duration.toSeconds(),
  toMinutes: (duration: Duration) => duration.toMinutes(),
  toHours: (duration: Duration) => duration.toHours(),
  toDays: (duration: Duration) => duration.toDays(),
};
