import { nameToText } from '../src/wire/name.ts';

export type ReadRecord = {
  readonly name: string;
  readonly type: number;
  readonly class: number;
  readonly ttl: number;
  readonly data: string;
};
export type ReadAnswer = {
  readonly id: number;
  readonly opcode: number;
  readonly flags: { readonly aa: boolean; readonly tc: boolean; readonly rd: boolean; readonly ra: boolean; readonly z: number };
  readonly rcode: number;
  readonly question: { readonly name: string; readonly nameBytes: string; readonly type: number; readonly class: number } | undefined;
  readonly answers: readonly ReadRecord[];
  readonly authorities: readonly ReadRecord[];
  readonly additionals: readonly ReadRecord[];
  readonly edns:
    | { readonly version: number; readonly bytes: number; readonly dnssecOk: boolean; readonly options: ReadonlyMap<number, Uint8Array> }
    | undefined;
};

/** Types whose data may hold compressed names: how many names, after how many bytes. */
const NAMES_IN: Readonly<Record<number, readonly [before: number, names: number]>> = {
  2: [0, 1],
  5: [0, 1],
  6: [0, 2],
  12: [0, 1],
  15: [2, 1],
};

/** Reads every byte of an answer, strictly, written apart from the server's own code: throws where anything is not as RFC 1035 and 6891 want it. */
export function readMessage(bytes: Uint8Array): ReadAnswer {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12) throw new Error('shorter than a header');
  const flags = view.getUint16(2);
  if ((flags & 0x8000) === 0) throw new Error('not an answer');
  let at = 12;
  const next = (count: number): number => {
    const from = at;
    at += count;
    if (at > bytes.length) throw new Error(`ends within a field at ${from}`);
    return from;
  };
  const nameAt = (from: number): { name: Uint8Array; end: number } => {
    const labels: number[] = [];
    let end = -1;
    let here = from;
    for (;;) {
      const length = bytes[here];
      if (length === undefined) throw new Error('a name ends beyond the packet');
      if (length >= 0xc0) {
        const to = view.getUint16(here) & 0x3fff;
        if (to >= here || to < 12) throw new Error(`a pointer at ${here} does not point back`);
        if (end < 0) end = here + 2;
        here = to;
        continue;
      }
      if (length > 63) throw new Error('a label is too long');
      labels.push(...bytes.subarray(here, here + 1 + length));
      if (labels.length > 255) throw new Error('a name is too long');
      here += 1 + length;
      if (length === 0) return { name: Uint8Array.from(labels), end: end < 0 ? here : end };
    }
  };
  const takeName = (): Uint8Array => {
    const { name, end } = nameAt(at);
    at = end;
    return name;
  };
  const [questions, ...counts] = [4, 6, 8, 10].map((offset) => view.getUint16(offset));
  let question: ReadAnswer['question'];
  if ((questions ?? 0) > 1) throw new Error('several questions');
  if (questions === 1) {
    const name = takeName();
    question = {
      name: nameToText(name),
      nameBytes: Buffer.from(name).toString('hex'),
      type: view.getUint16(next(2)),
      class: view.getUint16(next(2)),
    };
  }
  let edns: ReadAnswer['edns'];
  let extendedRcode = 0;
  const sections = counts.map((count, section) => {
    const records: ReadRecord[] = [];
    for (let i = 0; i < count; i += 1) {
      const name = takeName();
      const [type, group] = [view.getUint16(next(2)), view.getUint16(next(2))];
      const ttl = view.getUint32(next(4));
      const length = view.getUint16(next(2));
      const start = next(length);
      if (type === 41) {
        if (section !== 2 || edns !== undefined || name.length !== 1) throw new Error('OPT at a wrong place');
        extendedRcode = ttl >>> 24;
        edns = {
          version: (ttl >> 16) & 0xff,
          bytes: group,
          dnssecOk: (ttl & 0x8000) !== 0,
          options: readOptions(bytes.subarray(start, start + length)),
        };
        continue;
      }
      let data = '';
      const [before, names] = NAMES_IN[type] ?? [length, 0];
      let inside = start + before;
      data += Buffer.from(bytes.subarray(start, inside)).toString('hex');
      for (let n = 0; n < names; n += 1) {
        const { name: inner, end } = nameAt(inside);
        data += ` ${nameToText(inner).toLowerCase()} `;
        inside = end;
      }
      if (inside > start + length) throw new Error('a name runs out of its record');
      data += Buffer.from(bytes.subarray(inside, start + length)).toString('hex');
      records.push({ name: nameToText(name).toLowerCase(), type, class: group, ttl, data: data.trim() });
    }
    return records;
  });
  if (at !== bytes.length) throw new Error(`${bytes.length - at} bytes too many`);
  const [answers = [], authorities = [], additionals = []] = sections;
  return {
    id: view.getUint16(0),
    opcode: (flags >> 11) & 15,
    flags: {
      aa: (flags & 0x400) !== 0,
      tc: (flags & 0x200) !== 0,
      rd: (flags & 0x100) !== 0,
      ra: (flags & 0x80) !== 0,
      z: (flags >> 4) & 7,
    },
    rcode: (extendedRcode << 4) | (flags & 15),
    question,
    answers,
    authorities,
    additionals,
    edns,
  };
}

function readOptions(bytes: Uint8Array): Map<number, Uint8Array> {
  const options = new Map<number, Uint8Array>();
  for (let at = 0; at < bytes.length;) {
    const code = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    if (at + 4 + length > bytes.length) throw new Error('an option runs out of OPT');
    options.set(code, bytes.slice(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return options;
}
