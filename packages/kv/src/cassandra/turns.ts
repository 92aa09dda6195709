/**
 * Runs what concerns one key one after the other, in the order asked; different keys do not wait for each other. Conditional writes of one
 * process to one partition would only outbid each other's ballots.
 */
export function createTurns(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const before = last.get(key);
    const mine = before === undefined ? work() : before.then(work, work);
    const settled = mine.then(forget, forget);
    last.set(key, settled);
    function forget(): void {
      if (last.get(key) === settled) last.delete(key);
    }
    return mine;
  };
}
