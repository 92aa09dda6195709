import { parseAddress } from '../wire/address.ts';

/** Addresses of askers as bytes, from the text in which Node gives them. */
export type ClientAddresses = { bytesOf(text: string): Uint8Array };

/** Resolvers come again; forgetting them all now and then costs less than keeping order. */
const KEPT_MAX = 8_192;
const NOBODY = new Uint8Array(4);

export function createClientAddresses(): ClientAddresses {
  const known = new Map<string, Uint8Array>();
  return {
    bytesOf(text) {
      const kept = known.get(text);
      if (kept !== undefined) return kept;
      if (known.size >= KEPT_MAX) known.clear();
      const bytes = parseAddress(text)?.bytes ?? NOBODY;
      known.set(text, bytes);
      return bytes;
    },
  };
}
