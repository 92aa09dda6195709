/**
 * The keys that sign segment tokens. A new key is handed out before it signs, so that every appliance knows it by then; the old
 * one is accepted for as long as a token that it signed can live.
 */
export type RingKey = {
  readonly id: string;
  /** 64 hexadecimal digits. */
  readonly secretHex: string;
  readonly madeAtMs: number;
  /** From when on it signs. */
  readonly signsFromMs: number;
};

/** Newest last. */
export type KeyRing = { readonly keys: readonly RingKey[] };

export type RotationPolicy = {
  /** How long a key signs. */
  readonly signingMs: number;
  /** How long a new key is known everywhere before it signs: many heartbeats and key refreshes. */
  readonly leadMs: number;
  /** How long an old key is accepted after its successor began to sign: a token's life, and time for signers that learn late. */
  readonly keepMs: number;
};

export type FreshKey = { readonly id: string; readonly secretHex: string };

/** The ring as it should be at `nowMs`; the very same object when nothing is due. `fresh` is used only when a key is missing. */
export function rotate(ring: KeyRing, nowMs: number, policy: RotationPolicy, fresh: FreshKey): KeyRing {
  const newest = ring.keys.at(-1);
  if (newest === undefined) return { keys: [{ ...fresh, madeAtMs: nowMs, signsFromMs: nowMs }] };
  const kept = withoutOutlived(ring.keys, nowMs, policy);
  const isNextDue = nowMs >= newest.signsFromMs + policy.signingMs - policy.leadMs;
  if (!isNextDue) return kept.length === ring.keys.length ? ring : { keys: kept };
  if (kept.some((key) => key.id === fresh.id)) throw new Error(`a fresh token key has the id of a live one: ${fresh.id}`);
  return { keys: [...kept, { ...fresh, madeAtMs: nowMs, signsFromMs: nowMs + policy.leadMs }] };
}

/** The key that signs: the newest one whose time has come. Undefined for an empty ring only. */
export function activeKey(ring: KeyRing, nowMs: number): RingKey | undefined {
  return ring.keys.findLast((key) => key.signsFromMs <= nowMs) ?? ring.keys[0];
}

/** Names what an appliance or a signer knows: the ids, the active one marked. */
export function ringVersion(ring: KeyRing, nowMs: number): string {
  const active = activeKey(ring, nowMs);
  return ring.keys.map((key) => (key === active ? `${key.id}*` : key.id)).join('.');
}

/** Whether somebody who knows `version` can check (or sign) with the key that signs now. */
export function knowsActiveKey(version: string, ring: KeyRing, nowMs: number): boolean {
  const active = activeKey(ring, nowMs);
  return active !== undefined && version.replaceAll('*', '').split('.').includes(active.id);
}

function withoutOutlived(keys: readonly RingKey[], nowMs: number, policy: RotationPolicy): readonly RingKey[] {
  return keys.filter((_, index) => {
    const successor = keys[index + 1];
    return successor === undefined || nowMs < successor.signsFromMs + policy.keepMs;
  });
}
