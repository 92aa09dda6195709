import { createSipHash } from './sip-hash.ts';

/** Server cookies of RFC 9018 4: they prove that whoever asks received an answer of ours at this address, with nothing to remember. */
export type Cookies = {
  /** `cookie` is what came: the client's 8 bytes, then perhaps a server's 16. */
  isValid(cookie: Uint8Array, bytes: number, client: Uint8Array, nowSeconds: number): boolean;
  /** Writes the server cookie for this client at `out[at …]`: `SERVER_COOKIE_BYTES`. */
  write(cookie: Uint8Array, client: Uint8Array, nowSeconds: number, out: Uint8Array, at: number): void;
};

export const CLIENT_COOKIE_BYTES = 8;
export const SERVER_COOKIE_BYTES = 16;
const VERSION = 1;
/** RFC 9018 4.3: an hour back, five minutes ahead (clocks differ). */
const AGE_SECONDS_MAX = 3_600;
const AHEAD_SECONDS_MAX = 300;

/** Secrets have 16 bytes. The first makes cookies, the others are still accepted: that is how they are changed. All servers of a zone share them. */
export function createCookies(secrets: readonly Uint8Array[]): Cookies {
  const hashes = secrets.map(createSipHash);
  const [newest] = hashes;
  if (newest === undefined) throw new Error('cookies need a secret');
  const message = new Uint8Array(32);
  const hash = new Uint32Array(2);

  /** Client cookie, version and reserved bytes, time, client address. */
  function digest(by: (typeof hashes)[number], cookie: Uint8Array, head: Uint8Array, headAt: number, client: Uint8Array): void {
    for (let i = 0; i < CLIENT_COOKIE_BYTES; i += 1) message[i] = cookie[i] ?? 0;
    for (let i = 0; i < 8; i += 1) message[8 + i] = head[headAt + i] ?? 0;
    for (let i = 0; i < client.length; i += 1) message[16 + i] = client[i] ?? 0;
    by(message, 16 + client.length, hash);
  }
  return {
    isValid(cookie, bytes, client, nowSeconds) {
      if (bytes !== CLIENT_COOKIE_BYTES + SERVER_COOKIE_BYTES || cookie[8] !== VERSION) return false;
      const made = ((cookie[12] ?? 0) << 24) | ((cookie[13] ?? 0) << 16) | ((cookie[14] ?? 0) << 8) | (cookie[15] ?? 0);
      // Serial arithmetic (RFC 1982): the time has 32 bits and will run over.
      const age = (nowSeconds - made) | 0;
      if (age > AGE_SECONDS_MAX || age < -AHEAD_SECONDS_MAX) return false;
      for (const by of hashes) {
        digest(by, cookie, cookie, CLIENT_COOKIE_BYTES, client);
        if (differences(hash, cookie, 16) === 0) return true;
      }
      return false;
    },
    write(cookie, client, nowSeconds, out, at) {
      out[at] = VERSION;
      out.fill(0, at + 1, at + 4);
      for (let i = 0; i < 4; i += 1) out[at + 4 + i] = (nowSeconds >>> (24 - 8 * i)) & 0xff;
      digest(newest, cookie, out, at, client);
      for (let i = 0; i < 8; i += 1) out[at + 8 + i] = byteOf(hash, i);
    },
  };
}

/** Looks at every byte whatever it finds: how long it takes tells nothing. */
function differences(hash: Uint32Array, cookie: Uint8Array, at: number): number {
  let different = 0;
  for (let i = 0; i < 8; i += 1) different |= byteOf(hash, i) ^ (cookie[at + i] ?? 0);
  return different;
}

function byteOf(hash: Uint32Array, i: number): number {
  return ((hash[i >> 2] ?? 0) >>> ((i & 3) * 8)) & 0xff;
}
