import { createHash } from 'node:crypto';

/** What the same requests were answered last; for the `stale` fault. */
export type LastAnswers<T> = {
  get(method: string, body: Uint8Array): T | undefined;
  keep(method: string, body: Uint8Array, answer: T): void;
};

/** Enough for an experiment's few methods; the oldest goes. */
const ANSWERS_MAX = 256;

export function createLastAnswers<T>(): LastAnswers<T> {
  const answers = new Map<string, T>();
  return {
    get: (method, body) => answers.get(keyOf(method, body)),
    keep(method, body, answer) {
      const oldest = answers.keys().next();
      if (answers.size >= ANSWERS_MAX && oldest.done !== true) answers.delete(oldest.value);
      answers.set(keyOf(method, body), answer);
    },
  };
}

function keyOf(method: string, body: Uint8Array): string {
  return `${method} ${createHash('sha256').update(body).digest('base64')}`;
}
