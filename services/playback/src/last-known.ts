export type LastKnown<T> = (key: string, ask: () => Promise<T>) => Promise<{ readonly value: T; readonly stale: boolean }>;

/**
 * Asks for a value, unless it was answered less than `freshMs` ago; when asking fails, the last answer is used instead, however old, and
 * said to be stale. Without one the failure passes on. Concurrent questions for one key are asked once. Of too many
 * answers the oldest go.
 */
export function lastKnown<T>(options: {
  readonly freshMs: number;
  readonly answersMax: number;
  readonly nowMs: () => number;
  /** Whether a failure means "does not answer": an answer such as "not found" is no reason to go on with an old one. */
  readonly isSilence: (fault: unknown) => boolean;
}): LastKnown<T> {
  const answers = new Map<string, { value: T; atMs: number }>();
  const asking = new Map<string, Promise<T>>();
  const remember = (key: string, value: T): void => {
    answers.delete(key);
    answers.set(key, { value, atMs: options.nowMs() });
    for (const oldest of answers.keys()) {
      if (answers.size <= options.answersMax) break;
      answers.delete(oldest);
    }
  };
  const askOnce = async (key: string, ask: () => Promise<T>): Promise<T> => {
    const underWay = asking.get(key);
    if (underWay !== undefined) return underWay;
    const question = ask().finally(() => asking.delete(key));
    asking.set(key, question);
    const value = await question;
    remember(key, value);
    return value;
  };
  return async (key, ask) => {
    const known = answers.get(key);
    if (known !== undefined && options.nowMs() - known.atMs < options.freshMs) return { value: known.value, stale: false };
    try {
      return { value: await askOnce(key, ask), stale: false };
    } catch (fault) {
      if (known === undefined || !options.isSilence(fault)) throw fault;
      return { value: known.value, stale: true };
    }
  };
}
