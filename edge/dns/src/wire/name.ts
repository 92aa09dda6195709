import { LABEL_BYTES_MAX, NAME_BYTES_MAX } from './numbers.ts';

/**
 * A domain name as text (`app.bioscope.test`, with or without the last dot; `\.` and `\ddd` as in RFC 1035 5.1) in wire form, lower case.
 * Names that do not end in a dot are completed by `origin`, when there is one; `@` is the origin itself. Throws when it is no name.
 */
export function nameToWire(text: string, origin?: Uint8Array): Uint8Array {
  if (text === '.') return Uint8Array.of(0);
  if (text === '@' && origin !== undefined) return origin;
  const bytes: number[] = [];
  let label: number[] = [];
  let isAbsolute = false;
  for (let at = 0; at < text.length; at += 1) {
    isAbsolute = text[at] === '.';
    if (isAbsolute) {
      push(bytes, label, text);
      label = [];
      continue;
    }
    if (text[at] !== '\\') {
      const code = text.charCodeAt(at);
      if (code > 0x7e) throw new Error(`"${text}": only ASCII; write international names in their xn-- form`);
      label.push(code);
      continue;
    }
    const digits = text.slice(at + 1, at + 4);
    if (/^\d{3}$/.test(digits)) {
      label.push(Number(digits));
      at += 3;
    } else {
      at += 1;
      label.push(text.charCodeAt(at));
    }
  }
  if (!isAbsolute) push(bytes, label, text);
  if (!isAbsolute && origin !== undefined) bytes.push(...origin);
  else bytes.push(0);
  if (bytes.length > NAME_BYTES_MAX) throw new Error(`"${text}" is longer than ${NAME_BYTES_MAX} bytes`);
  return lowerCase(Uint8Array.from(bytes));
}

/** For people and logs: without the last dot, odd bytes escaped. */
export function nameToText(wire: Uint8Array): string {
  if (wire[0] === 0) return '.';
  const labels: string[] = [];
  for (let at = 0; wire[at] !== undefined && wire[at] !== 0; at += 1 + (wire[at] ?? 0)) {
    labels.push([...wire.subarray(at + 1, at + 1 + (wire[at] ?? 0))].map(character).join(''));
  }
  return labels.join('.');
}

/** `child` is `parent` or below it. Both lower case. */
export function isWithin(child: Uint8Array, parent: Uint8Array): boolean {
  for (let at = 0; at <= child.length - parent.length; at += 1 + (child[at] ?? 0)) {
    if (child.length - at !== parent.length) continue;
    return parent.every((byte, i) => byte === child[at + i]);
  }
  return false;
}

/** RFC 4343. Lengths are at most 63 and so never look like letters: no need to know where the labels are. */
function lowerCase(wire: Uint8Array): Uint8Array {
  return wire.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte));
}

function push(bytes: number[], label: readonly number[], text: string): void {
  if (label.length === 0) throw new Error(`"${text}" has an empty label`);
  if (label.length > LABEL_BYTES_MAX) throw new Error(`"${text}" has a label longer than ${LABEL_BYTES_MAX} bytes`);
  if (label.some((byte) => !(byte <= 0xff))) throw new Error(`"${text}" has an escape that is no byte`);
  bytes.push(label.length, ...label);
}

function character(byte: number): string {
  if (byte === 0x2e || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
  return byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\${String(byte).padStart(3, '0')}`;
}
