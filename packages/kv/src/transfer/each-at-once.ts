/** Works through a sequence with a few at a time; stops at the first failure, when those under way have settled. */
export async function eachAtOnce<T>(atOnce: number, all: Iterable<T> | AsyncIterable<T>, work: (each: T) => Promise<void>): Promise<void> {
  const rest = Symbol.asyncIterator in all ? all[Symbol.asyncIterator]() : all[Symbol.iterator]();
  const failing = new AbortController();
  const worker = async (): Promise<void> => {
    while (!failing.signal.aborted) {
      const next = await rest.next();
      if (next.done === true) return;
      await work(next.value);
    }
  };
  const settled = await Promise.allSettled(
    Array.from({ length: atOnce }, () =>
      worker().catch((error: unknown) => {
        failing.abort();
        throw error;
      }),
    ),
  );
  for (const each of settled) if (each.status === 'rejected') throw each.reason;
}
