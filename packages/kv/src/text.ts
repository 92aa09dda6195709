const decoder = new TextDecoder('utf-8', { fatal: true });
const encoder = new TextEncoder();

export function bytes(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** Throws `TypeError` when the bytes are not UTF-8. */
export function utf8(encoded: Uint8Array): string {
  return decoder.decode(encoded);
}
