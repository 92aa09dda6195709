import type { TokenKey } from '../contract/index.ts';
import { activeKey, knowsActiveKey, ringVersion, rotate, type FreshKey, type KeyRing, type RotationPolicy } from './domain/key-ring.ts';
import type { ControlStore } from './store.ts';

/** The live token keys: made once, rotated on a schedule, the same for every instance of control. */
export type Keys = {
  current(): { version: string; keys: Omit<TokenKey, '$typeName'>[] };
  /** Whether an appliance that knows `version` can check the tokens that are signed now. */
  isCurrent(version: string): boolean;
  /** Rotates when due. To be called every few seconds. */
  tick(): Promise<void>;
};

/** Two instances may rotate at once; the loser reads what the winner wrote. More conflicts than this mean a broken store. */
const CONFLICTS_MAX = 5;

export async function openKeys(on: {
  readonly store: ControlStore;
  readonly policy: RotationPolicy;
  now(): number;
  newKey(): FreshKey;
  newId(): string;
}): Promise<Keys> {
  let ring = await refreshed();
  return {
    current() {
      const active = activeKey(ring, on.now());
      const keys = ring.keys.map((key) => ({ id: key.id, secret: Uint8Array.fromHex(key.secretHex), active: key === active }));
      return { version: ringVersion(ring, on.now()), keys };
    },
    isCurrent: (version) => knowsActiveKey(version, ring, on.now()),
    async tick() {
      if (rotate(ring, on.now(), on.policy, on.newKey()) !== ring) ring = await refreshed();
    },
  };

  async function refreshed(): Promise<KeyRing> {
    for (let attempt = 0; attempt < CONFLICTS_MAX; attempt++) {
      const stored = await on.store.readKeyRing();
      const next = rotate(stored.ring, on.now(), on.policy, on.newKey());
      if (next === stored.ring) return next;
      if (await on.store.writeKeyRing(next, stored.version, on.newId())) return next;
    }
    throw new Error(`token keys: ${CONFLICTS_MAX} conflicting writes in a row`);
  }
}
