import { nameToWire } from '../src/wire/name.ts';

export type Asked = {
  name?: string | Uint8Array;
  type?: number;
  class?: number;
  id?: number;
  /** Of the header; default recursion desired. */
  flags?: number;
  questions?: number;
  edns?: { version?: number; bytes?: number; dnssecOk?: boolean; options?: readonly (readonly [code: number, data: ArrayLike<number>])[] };
  /** Records after the question, in wire form, and where they are counted. */
  extra?: { authorities?: number; additionals?: number; answers?: number; bytes: ArrayLike<number> };
};

/** A query as clients send it, or, by its parts, as none should. */
export function queryPacket(asked: Asked = {}): Uint8Array {
  const { name = 'app.bioscope.test', type = 1, id = 0x1234, flags = 0x0100, questions = 1, edns, extra } = asked;
  const wire = typeof name === 'string' ? withCase(name) : name;
  const bytes = [...u16(id), ...u16(flags), ...u16(questions), ...u16(extra?.answers ?? 0), ...u16(extra?.authorities ?? 0)];
  bytes.push(...u16((extra?.additionals ?? 0) + (edns === undefined ? 0 : 1)));
  for (let i = 0; i < questions; i += 1) bytes.push(...wire, ...u16(type), ...u16(asked.class ?? 1));
  bytes.push(...Array.from(extra?.bytes ?? []));
  if (edns !== undefined) {
    const options = (edns.options ?? []).flatMap(([code, data]) => [...u16(code), ...u16(data.length), ...Array.from(data)]);
    bytes.push(0, ...u16(41), ...u16(edns.bytes ?? 1_232), 0, edns.version ?? 0, edns.dnssecOk === true ? 0x80 : 0, 0);
    bytes.push(...u16(options.length), ...options);
  }
  return Uint8Array.from(bytes);
}

/** The data of an ECS option. */
export function clientSubnet(family: number, sourcePrefix: number, address: readonly number[], scopePrefix = 0): number[] {
  return [...u16(family), sourcePrefix, scopePrefix, ...address];
}

/** `nameToWire` makes letters small; queries keep them. */
function withCase(name: string): Uint8Array {
  const wire = nameToWire(name);
  for (let i = 0, at = 1; i < name.length; i += 1, at += 1)
    if (/[A-Z]/.test(name[i] ?? '') && !name.includes('\\')) wire[at] = name.charCodeAt(i);
  return wire;
}

function u16(value: number): [number, number] {
  return [(value >> 8) & 0xff, value & 0xff];
}
