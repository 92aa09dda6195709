import { parseAddress } from '../wire/address.ts';

/** A field of a zone file; quoted ones are always texts. */
export type Field = { readonly text: string; readonly isQuoted: boolean };

/** Seconds, also as 1h30m (weeks, days, hours, minutes, seconds). */
export function secondsOf(text: string): number {
  if (/^\d{1,10}$/.test(text)) return numberOf(text, 0xffffffff);
  if (!/^(\d{1,6}[wdhms])+$/i.test(text)) throw new Error(`"${text}" is no time`);
  const units: Readonly<Record<string, number>> = { w: 604_800, d: 86_400, h: 3_600, m: 60, s: 1 };
  let seconds = 0;
  for (const [, count = '', unit = ''] of text.matchAll(/(\d+)([wdhms])/gi)) seconds += Number(count) * (units[unit.toLowerCase()] ?? 0);
  return seconds;
}

/** Escapes `\x` and `\ddd` of RFC 1035 5.1; other characters as UTF-8. */
export function unescaped(text: string): Uint8Array {
  const parts: Buffer[] = [];
  for (const [part] of text.matchAll(/\\\d{3}|\\.|[^\\]+/gs)) {
    if (!part.startsWith('\\')) parts.push(Buffer.from(part, 'utf8'));
    else if (part.length === 4) parts.push(Buffer.of(numberOf(part.slice(1), 0xff)));
    else parts.push(Buffer.from(part.slice(1), 'utf8'));
  }
  return Uint8Array.from(Buffer.concat(parts));
}

export function numberOf(text: string, max: number): number {
  const number = Number(text);
  if (!/^\d{1,10}$/.test(text) || number > max) throw new Error(`"${text}" is not a whole number from 0 to ${max}`);
  return number;
}

export function bytesOf(value: number, bytes: 2 | 4): number[] {
  const low = [(value >>> 8) & 0xff, value & 0xff];
  return bytes === 2 ? low : [value >>> 24, (value >>> 16) & 0xff, ...low];
}

export function addressOf(text: string, family: 1 | 2): Uint8Array {
  const address = parseAddress(text);
  if (address?.family !== family) throw new Error(`"${text}" is no IPv${family === 1 ? 4 : 6} address`);
  return address.bytes;
}
