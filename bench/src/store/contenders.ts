/** Counted operations, wall and CPU time, added up over rounds; how long single calls took. */
type Tally = { count: number; ms: number; cpuSeconds: number; readonly tookMs: number[] };
type Round = { readonly count: number; readonly ms: number; readonly tookMs?: readonly number[] };
export type Contender = { readonly name: string; readonly tally: Tally; readonly round: (forMs: number) => Promise<Round> };

export function contender(name: string, round: Contender['round']): Contender {
  return { name, round, tally: { count: 0, ms: 0, cpuSeconds: 0, tookMs: [] } };
}

/** One round of each to warm up, then so many of each. Turn about, and in turning order: what the machine does meanwhile hits all alike. */
export async function compete(
  contenders: readonly Contender[],
  { rounds, roundMs, say }: { rounds: number; roundMs: number; say: (line: string) => void },
): Promise<void> {
  for (const { round } of contenders) await round(roundMs);
  for (let index = 1; index <= rounds; index += 1) {
    for (const one of index % 2 === 0 ? contenders.toReversed() : contenders) await measure(one, roundMs);
    say(`round ${index} of ${rounds}`);
  }
}

async function measure({ tally, round }: Contender, forMs: number): Promise<void> {
  const before = process.cpuUsage();
  const { count, ms, tookMs = [] } = await round(forMs);
  const { user, system } = process.cpuUsage(before);
  tally.count += count;
  tally.ms += ms;
  tally.cpuSeconds += (user + system) / 1e6;
  for (const each of tookMs) tally.tookMs.push(each);
}

/** So many callers, each asking again once answered. */
export async function callAll(callers: number, forMs: number, call: (caller: number) => Promise<unknown>): Promise<Round> {
  const startedAt = performance.now();
  const end = startedAt + forMs;
  const tookMs: number[] = [];
  const caller = async (_: unknown, index: number): Promise<void> => {
    for (let sentAt = startedAt; sentAt < end;) {
      await call(index);
      const now = performance.now();
      tookMs.push(now - sentAt);
      sentAt = now;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return { count: tookMs.length, ms: performance.now() - startedAt, tookMs };
}

export function perSecond({ tally }: Contender): number {
  return (tally.count / tally.ms) * 1000;
}

export function perCpuSecond({ tally }: Contender): number {
  return tally.count / tally.cpuSeconds;
}

export const COLUMNS = ['what', 'per second', 'per CPU second', 'p50 ms', 'p99 ms', 'CPU seconds', 'wall seconds'];

export function rowOf(one: Contender): readonly (string | number)[] {
  const { cpuSeconds, ms, tookMs } = one.tally;
  const sorted = tookMs.toSorted((a, b) => a - b);
  const percentile = (share: number): string => sorted[Math.floor(sorted.length * share)]?.toFixed(2) ?? '–';
  return [
    one.name,
    Math.round(perSecond(one)),
    Math.round(perCpuSecond(one)),
    percentile(0.5),
    percentile(0.99),
    Number(cpuSeconds.toFixed(2)),
    Number((ms / 1000).toFixed(2)),
  ];
}
