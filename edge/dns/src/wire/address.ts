import { isIP } from 'node:net';

/** An address in network order: family 1 (4 bytes) or 2 (16 bytes). */
export type Address = { readonly family: 1 | 2; readonly bytes: Uint8Array };

/** Undefined when the text is no address. An IPv4 address that a socket reports as `::ffff:192.0.2.1` is IPv4; a zone (`%eth0`) is left out. */
export function parseAddress(text: string): Address | undefined {
  const bare = text.split('%', 1)[0] ?? '';
  const kind = isIP(bare);
  if (kind === 4) return { family: 1, bytes: Uint8Array.from(bare.split('.').map(Number)) };
  if (kind !== 6) return undefined;
  const bytes = v6Bytes(bare);
  const isMapped = bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  return isMapped ? { family: 1, bytes: bytes.slice(12) } : { family: 2, bytes };
}

export function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, i) => (((bytes[i * 2] ?? 0) << 8) | (bytes[i * 2 + 1] ?? 0)).toString(16));
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

function v6Bytes(text: string): Uint8Array {
  const dotted = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  const hex =
    dotted === null
      ? text
      : `${text.slice(0, dotted.index)}${hexPair(dotted[1] ?? '', dotted[2] ?? '')}:${hexPair(dotted[3] ?? '', dotted[4] ?? '')}`;
  const [before = '', after] = hex.split('::', 2);
  const head = groupsOf(before);
  const tail = after === undefined ? [] : groupsOf(after);
  const groups = [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail];
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

function groupsOf(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}

function hexPair(high: string, low: string): string {
  return ((Number(high) << 8) | Number(low)).toString(16);
}
