import type { Learned } from '../domain/signals.ts';

/** What a source told, kept for a moment, and remembered for when it does not answer. */
export type KnownAnswers<T> = {
  /**
   * One answer per key that was ever told: fresh where it can be had. Never rejects: a source that does not answer leaves the last that is known, and keys
   * of which nothing is known are absent. Concurrent questions about one key are asked once. Waits at most `waitMsMax`; the answer is kept when it comes later.
   */
  learn(
    keys: readonly string[],
    ask: (keys: readonly string[]) => Promise<ReadonlyMap<string, T>>,
    waitMsMax: number,
  ): Promise<ReadonlyMap<string, Learned<T>>>;
  /** It has changed: neither what is known nor what is being asked just now counts for later questions. */
  readonly forget: (key: string) => void;
};

/** After a failure the last that is known is used at once for so long, so that not every decision waits for a dead source. */
const AGAIN_AFTER_MS = 500;

export function knownAnswers<T>(options: {
  /** How long an answer counts as fresh: the staleness bound of the source. */
  readonly freshMs: (value: T) => number;
  /** When time alone makes it another answer; 0, as without it: never. */
  readonly freshUntilMs?: (value: T) => number;
  /** Of too many the oldest go. */
  readonly answersMax: number;
  readonly nowMs: () => number;
  readonly onSilence: (fault: unknown) => void;
}): KnownAnswers<T> {
  const { freshMs, freshUntilMs = () => 0, answersMax, nowMs, onSilence } = options;
  const answers = new Map<string, { readonly value: T; readonly learnedAtMs: number }>();
  const failedAtMs = new Map<string, number>();
  const underWay = new Map<string, Question<T>>();

  const isFresh = (key: string): boolean => {
    const known = answers.get(key);
    if (known === undefined) return false;
    const until = freshUntilMs(known.value);
    return nowMs() - known.learnedAtMs < freshMs(known.value) && (until === 0 || nowMs() < until);
  };
  const isWaiting = (key: string): boolean => {
    const failed = failedAtMs.get(key);
    return failed !== undefined && nowMs() - failed < AGAIN_AFTER_MS;
  };

  function question(keys: readonly string[], ask: (keys: readonly string[]) => Promise<ReadonlyMap<string, T>>): void {
    const own: Question<T> = { learnedAtMs: nowMs(), values: null, ends: Promise.resolve() };
    own.ends = ask(keys)
      .then((values) => {
        own.values = values;
      }, onSilence)
      .then(() => {
        // A key that was forgotten meanwhile is not among its own any more: the answer may be older than the change.
        for (const key of keys.filter((asked) => underWay.get(asked) === own)) {
          underWay.delete(key);
          keep(key, own);
        }
      });
    for (const key of keys) underWay.set(key, own);
  }

  function keep(key: string, { values, learnedAtMs }: Question<T>): void {
    const value = values?.get(key);
    if (values === null) put(failedAtMs, key, nowMs(), answersMax);
    else failedAtMs.delete(key);
    if (value !== undefined) put(answers, key, { value, learnedAtMs }, answersMax);
  }

  return {
    async learn(keys, ask, waitMsMax) {
      const needed = [...new Set(keys)].filter((key) => !isFresh(key) && !isWaiting(key));
      const unasked = needed.filter((key) => !underWay.has(key));
      if (unasked.length > 0) question(unasked, ask);
      const asked = new Map(needed.map((key) => [key, underWay.get(key)] as const));
      await ended(new Set([...asked.values()].flatMap((told) => told ?? [])), waitMsMax);
      const learned = new Map<string, Learned<T>>();
      for (const key of keys) {
        const told = asked.get(key);
        const value = told?.values?.get(key);
        const known = answers.get(key);
        if (told !== undefined && value !== undefined) learned.set(key, { value, learnedAtMs: told.learnedAtMs, isFresh: true });
        else if (known !== undefined) learned.set(key, { ...known, isFresh: isFresh(key) });
      }
      return learned;
    },
    forget(key) {
      answers.delete(key);
      failedAtMs.delete(key);
      underWay.delete(key);
    },
  };
}

type Question<T> = {
  /** When it was asked: what was told later may still be as of then. */
  readonly learnedAtMs: number;
  /** Null until it is answered, and when it is not. */
  values: ReadonlyMap<string, T> | null;
  /** Never rejects. */
  ends: Promise<void>;
};

/** Waits for all of them, or so long. */
async function ended<T>(questions: ReadonlySet<Question<T>>, waitMsMax: number): Promise<void> {
  if (questions.size === 0) return;
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, waitMsMax);
  });
  await Promise.race([Promise.all([...questions].map(({ ends }) => ends)), patience]);
  clearTimeout(timer);
}

function put<T>(map: Map<string, T>, key: string, value: T, entriesMax: number): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= entriesMax) break;
    map.delete(oldest);
  }
}
