import { nameToWire } from '../wire/name.ts';
import { TYPE } from '../wire/numbers.ts';
import { addressOf, bytesOf, numberOf, secondsOf, unescaped } from './field.ts';
import type { Field } from './field.ts';
import { serviceBinding } from './service-binding.ts';

/** The data of one record, so that names in it can be compressed where RFC 1035 lets them be: `before`, then the names, then `after`. */
export type RecordData = {
  readonly before: Uint8Array;
  readonly names: readonly Uint8Array[];
  readonly after: Uint8Array;
  /** The host whose addresses are sent along, of NS, MX and SRV. */
  readonly target?: Uint8Array;
};

export type RecordKind = { readonly type: number; parse(fields: readonly Field[], origin: Uint8Array): RecordData };

const NOTHING = new Uint8Array(0);
const TEXT_BYTES_MAX = 255;

const SINGLE_NAME = (fields: readonly Field[], origin: Uint8Array): RecordData => {
  const name = nameToWire(only(fields, 1)[0] ?? '', origin);
  return { before: NOTHING, names: [name], after: NOTHING, target: name };
};

/** What a zone file may hold, by mnemonic. Anything else can be written as TYPE1234 \# … (RFC 3597). */
export const RECORD_KINDS: Readonly<Record<string, RecordKind>> = {
  A: { type: TYPE.A, parse: (fields) => bytesOnly(addressOf(only(fields, 1)[0] ?? '', 1)) },
  AAAA: { type: TYPE.AAAA, parse: (fields) => bytesOnly(addressOf(only(fields, 1)[0] ?? '', 2)) },
  NS: { type: TYPE.NS, parse: SINGLE_NAME },
  CNAME: { type: TYPE.CNAME, parse: SINGLE_NAME },
  PTR: { type: TYPE.PTR, parse: SINGLE_NAME },
  SOA: {
    type: TYPE.SOA,
    parse(fields, origin) {
      const [primary = '', mailbox = '', ...times] = only(fields, 7);
      return {
        before: NOTHING,
        names: [nameToWire(primary, origin), nameToWire(mailbox, origin)],
        after: Uint8Array.from(times.flatMap((time) => bytesOf(secondsOf(time), 4))),
      };
    },
  },
  MX: {
    type: TYPE.MX,
    parse(fields, origin) {
      const [preference = '', host = ''] = only(fields, 2);
      const name = nameToWire(host, origin);
      return { before: Uint8Array.from(bytesOf(numberOf(preference, 0xffff), 2)), names: [name], after: NOTHING, target: name };
    },
  },
  SRV: {
    type: TYPE.SRV,
    parse(fields, origin) {
      const [priority = '', weight = '', port = '', host = ''] = only(fields, 4);
      const target = nameToWire(host, origin);
      const numbers = [priority, weight, port].flatMap((each) => bytesOf(numberOf(each, 0xffff), 2));
      // RFC 2782: not to be compressed.
      return { ...bytesOnly([...numbers, ...target]), target };
    },
  },
  TXT: { type: TYPE.TXT, parse: (fields) => bytesOnly(atLeastOne(fields).flatMap(textOf)) },
  CAA: {
    type: TYPE.CAA,
    // RFC 8659 4.1.
    parse(fields) {
      const [flags = '', tag = '', value = ''] = only(fields, 3);
      if (!/^[a-zA-Z0-9]{1,15}$/.test(tag)) throw new Error(`"${tag}" is no CAA property`);
      const encoded = [...unescaped(value)];
      return bytesOnly([numberOf(flags, 0xff), tag.length, ...Buffer.from(tag.toLowerCase(), 'latin1'), ...encoded]);
    },
  },
  SVCB: { type: TYPE.SVCB, parse: (fields, origin) => bytesOnly(serviceBinding(fields, origin)) },
  HTTPS: { type: TYPE.HTTPS, parse: (fields, origin) => bytesOnly(serviceBinding(fields, origin)) },
};

/** RFC 3597 5: `\# length hex…`. */
export function unknownData(fields: readonly Field[]): RecordData {
  const [mark, length = '', ...hex] = fields.map((field) => field.text);
  const digits = hex.join('');
  if (mark !== '\\#' || !/^([0-9a-fA-F]{2})*$/.test(digits) || digits.length !== 2 * numberOf(length, 0xffff))
    throw new Error('data of an unknown type is written as \\# LENGTH HEX');
  return bytesOnly(Buffer.from(digits, 'hex'));
}

function bytesOnly(bytes: ArrayLike<number>): RecordData {
  return { before: Uint8Array.from(bytes), names: [], after: NOTHING };
}

function only(fields: readonly Field[], count: number): string[] {
  if (fields.length !== count) throw new Error(`${count} fields are needed, not ${fields.length}`);
  return fields.map((field) => field.text);
}

function atLeastOne(fields: readonly Field[]): readonly Field[] {
  if (fields.length === 0) throw new Error('at least one text is needed');
  return fields;
}

function textOf(field: Field): number[] {
  const bytes = unescaped(field.text);
  if (bytes.length > TEXT_BYTES_MAX) throw new Error(`a text is longer than ${TEXT_BYTES_MAX} bytes; write several`);
  return [bytes.length, ...bytes];
}
