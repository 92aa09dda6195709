import { createHmac } from 'node:crypto';
import assert from 'node:assert/strict';

/** The secrets with which one unit proves itself to another. See docs/decisions/0002-caller-identity.md. */
export type KeyRing = {
  /** Undefined for a pair of which this process hosts neither side. */
  key(caller: string, audience: string): Buffer | undefined;
};

/** The keys of one process as its orchestrator hands them out, hexadecimal, by `<caller> <audience>`. */
export type KeyBundle = Readonly<Record<string, string>>;

/** Unit names as they stand in credentials and paths. */
export const UNIT_NAME = /^[a-z][a-z0-9-]{0,62}$/;

// 64 units make 4,096 pairs; more than that is not a set of units but a mistake.
const PAIRS_MAX = 65_536;

/** For one process that holds the root secret (32 bytes, hexadecimal) itself, as on a single machine. */
export function keysFromSecret(secret: string, units: readonly string[]): KeyRing {
  const root = parseSecret(secret);
  const hosted = new Set(units);
  const known = new Map<string, Buffer>();
  return {
    key(caller, audience) {
      if (!hosted.has(caller) && !hosted.has(audience)) return undefined;
      const name = `${caller} ${audience}`;
      let key = known.get(name);
      if (key === undefined) {
        if (!UNIT_NAME.test(caller) || !UNIT_NAME.test(audience) || known.size >= PAIRS_MAX) return undefined;
        key = derive(root, caller, audience);
        known.set(name, key);
      }
      return key;
    },
  };
}

/** What a process that hosts `units` among `all` needs, and nothing more: without the root secret it can pose as no other unit towards a third. */
export function issueKeys(secret: string, units: readonly string[], all: readonly string[]): KeyBundle {
  const root = parseSecret(secret);
  const bundle: Record<string, string> = {};
  for (const own of units) {
    for (const other of all) {
      bundle[`${own} ${other}`] = derive(root, own, other).toString('hex');
      bundle[`${other} ${own}`] = derive(root, other, own).toString('hex');
    }
  }
  return bundle;
}

export function keysFromBundle(bundle: KeyBundle): KeyRing {
  const keys = new Map(Object.entries(bundle).map(([pair, hex]) => [pair, Buffer.from(hex, 'hex')]));
  return { key: (caller, audience) => keys.get(`${caller} ${audience}`) };
}

function derive(root: Buffer, caller: string, audience: string): Buffer {
  return createHmac('sha256', root).update(`caller\n${caller}\n${audience}`).digest();
}

function parseSecret(secret: string): Buffer {
  assert.match(secret, /^[0-9a-f]{64}$/i, 'the secret must be 64 hexadecimal digits (32 random bytes)');
  return Buffer.from(secret, 'hex');
}
