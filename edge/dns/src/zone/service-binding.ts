import { nameToWire } from '../wire/name.ts';
import { addressOf, bytesOf, numberOf, unescaped } from './field.ts';
import type { Field } from './field.ts';

const TEXT_BYTES_MAX = 255;
const KEYS: Readonly<Record<string, number>> = {
  mandatory: 0,
  alpn: 1,
  'no-default-alpn': 2,
  port: 3,
  ipv4hint: 4,
  ech: 5,
  ipv6hint: 6,
};

/** The data of SVCB and HTTPS: `1 . alpn=h2,http/1.1 port=8443` (RFC 9460 2). Parameters may stand in any order and are sent by key. */
export function serviceBinding(fields: readonly Field[], origin: Uint8Array): number[] {
  const [priority, target, ...rest] = fields.map((field) => field.text);
  if (priority === undefined || target === undefined) throw new Error('priority and target are needed');
  const order = numberOf(priority, 0xffff);
  const parameters = rest.map(parameterOf).sort((a, b) => a.key - b.key);
  if (order === 0 && parameters.length > 0) throw new Error('the alias form (priority 0) has no parameters');
  if (parameters.some((each, i) => each.key === parameters[i + 1]?.key)) throw new Error('a parameter is given twice');
  checkMandatory(parameters);
  return [
    ...bytesOf(order, 2),
    ...nameToWire(target, origin),
    ...parameters.flatMap(({ key, value }) => [...bytesOf(key, 2), ...bytesOf(value.length, 2), ...value]),
  ];
}

type Parameter = { readonly key: number; readonly value: readonly number[] };

function parameterOf(text: string): Parameter {
  const [name = '', ...values] = text.split('=');
  const key = keyOf(name);
  const value = values.join('=').replace(/^"(.*)"$/s, '$1');
  const list = value === '' ? [] : value.split(',');
  if (key === 0)
    return {
      key,
      value: list
        .map(keyOf)
        .sort((a, b) => a - b)
        .flatMap((each) => bytesOf(each, 2)),
    };
  if (key === 1) return { key, value: list.flatMap(protocolOf) };
  if (key === 2) return { key, value: [] };
  if (key === 3) return { key, value: bytesOf(numberOf(value, 0xffff), 2) };
  if (key === 4) return { key, value: list.flatMap((address) => [...addressOf(address, 1)]) };
  if (key === 5) return { key, value: [...Buffer.from(value, 'base64')] };
  if (key === 6) return { key, value: list.flatMap((address) => [...addressOf(address, 2)]) };
  return { key, value: [...unescaped(value)] };
}

function keyOf(name: string): number {
  const known = KEYS[name];
  if (known !== undefined) return known;
  const numbered = /^key(0|[1-9]\d{0,4})$/.exec(name)?.[1];
  if (numbered === undefined) throw new Error(`"${name}" is no parameter of SVCB`);
  return numberOf(numbered, 0xfffe);
}

function protocolOf(text: string): number[] {
  const bytes = unescaped(text);
  if (bytes.length === 0 || bytes.length > TEXT_BYTES_MAX) throw new Error(`"${text}" is no protocol`);
  return [bytes.length, ...bytes];
}

/** RFC 9460 8: what is mandatory must be there, and `mandatory` is not itself. */
function checkMandatory(parameters: readonly Parameter[]): void {
  const value = parameters.find((each) => each.key === 0)?.value ?? [];
  for (let at = 0; at < value.length; at += 2) {
    const key = ((value[at] ?? 0) << 8) | (value[at + 1] ?? 0);
    if (key === 0 || !parameters.some((each) => each.key === key)) throw new Error('mandatory names a parameter that is not there');
  }
}
