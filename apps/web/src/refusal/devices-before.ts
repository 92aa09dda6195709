/** A device on which the account is signed in; of all of them, the one with rank 1 signed in first. */
export type SignedInDevice = {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly lastSeenMs: number;
  readonly rank: number;
};

/** Those whose place this device would move up into, the longest unused first: the others signed in later, and make no room. */
export function devicesBefore(devices: readonly SignedInDevice[], deviceId: string): readonly SignedInDevice[] {
  const own = devices.find(({ id }) => id === deviceId)?.rank ?? Number.POSITIVE_INFINITY;
  return devices.filter(({ rank }) => rank < own).toSorted((a, b) => a.lastSeenMs - b.lastSeenMs);
}
