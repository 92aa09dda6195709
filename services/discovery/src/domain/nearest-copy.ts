import type { Instance } from '@bioscope/rpc';

/** Which copy of discovery a process uses. Times are monotonic milliseconds. */
export type NearestCopy = {
  /** The nearest that is not left: own zone, own region, anywhere; undefined when no copy is known. */
  current(nowMs: number): string | undefined;
  /** It did not answer, or does not know enough: another is used. */
  leave(address: string, nowMs: number): void;
  /** Nearer ones than the one in use, which may answer again by now. */
  nearer(): readonly string[];
  /** One of them does. */
  comeBack(address: string): void;
};

/** Then it is asked again, if there is nobody better. */
const LEFT_MS = 5_000;

export function createNearestCopy(needs: {
  /** Those known now. */
  copies: () => readonly Instance[];
  zone: string;
  region: string;
}): NearestCopy {
  const { zone, region } = needs;
  const leftUntilMs = new Map<string, number>();
  let used: string | undefined;

  function nearestFirst(): readonly string[] {
    const distance = (copy: Instance): number =>
      copy.region !== region && copy.region !== '' ? 2 : copy.zone !== zone && copy.zone !== '' ? 1 : 0;
    return needs
      .copies()
      .toSorted((a, b) => distance(a) - distance(b))
      .map((copy) => copy.address);
  }

  function choose(nowMs: number): string | undefined {
    const copies = nearestFirst();
    for (const address of leftUntilMs.keys()) if (!copies.includes(address)) leftUntilMs.delete(address);
    const timeOf = (address: string): number => leftUntilMs.get(address) ?? 0;
    const free = copies.find((address) => timeOf(address) <= nowMs);
    return free ?? copies.toSorted((a, b) => timeOf(a) - timeOf(b))[0];
  }

  return {
    current(nowMs) {
      if (used === undefined || !needs.copies().some((copy) => copy.address === used)) used = choose(nowMs);
      return used;
    },
    leave(address, nowMs) {
      leftUntilMs.set(address, nowMs + LEFT_MS);
      if (used === address) used = choose(nowMs);
    },
    nearer() {
      const copies = nearestFirst();
      const at = used === undefined ? -1 : copies.indexOf(used);
      return at < 0 ? [] : copies.slice(0, at);
    },
    comeBack(address) {
      leftUntilMs.delete(address);
      used = address;
    },
  };
}
