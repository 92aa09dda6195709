/**
 * One call of a concurrent history: when it was sent, when its answer came, and what both said. A call without an answer has `endedAt: Infinity` and is unclear:
 * it may happen at any time after its start, or never.
 */
export type Call<Did> = { readonly startedAt: number; readonly endedAt: number; readonly did: Did; readonly isUnclear?: boolean };

/** How the object behaves when used by one caller: the state after the call, or null when it could not have answered so. */
export type Sequential<State, Did> = {
  readonly initial: State;
  apply(state: State, did: Did): State | null;
  key(state: State): string;
};

/**
 * Whether the calls could have happened one after the other, each somewhere between its start and its end (Wing and Gong, "Testing and
 * verifying concurrent objects", 1993, with Lowe's memory of configurations seen). Exponential at worst: for histories of tens of calls.
 */
export function isLinearizable<State, Did>(history: readonly Call<Did>[], object: Sequential<State, Did>): boolean {
  const calls = history.toSorted((a, b) => a.startedAt - b.startedAt);
  const seen = new Set<string>();
  const certain = calls.reduce((set, { isUnclear }, index) => (isUnclear === true ? set : set | (1n << BigInt(index))), 0n);

  function search(done: bigint, state: State): boolean {
    if ((done & certain) === certain) return true;
    const configuration = `${done}:${object.key(state)}`;
    if (seen.has(configuration)) return false;
    seen.add(configuration);
    return candidates(done).some((index) => {
      const call = calls[index];
      const next = call === undefined ? null : object.apply(state, call.did);
      return next !== null && search(done | (1n << BigInt(index)), next);
    });
  }

  /** Calls that may come next: not done, and started before every other open call ended. */
  function candidates(done: bigint): readonly number[] {
    const open = calls.flatMap((call, index) => ((done >> BigInt(index)) & 1n ? [] : [{ call, index }]));
    const firstEnd = Math.min(...open.map(({ call }) => call.endedAt));
    return open.filter(({ call }) => call.startedAt <= firstEnd).map(({ index }) => index);
  }

  return search(0n, object.initial);
}
