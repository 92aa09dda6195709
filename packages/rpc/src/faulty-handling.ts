import { setTimeout as sleep } from 'node:timers/promises';
import { RpcError } from './error.ts';
import type { Injection } from './faults.ts';
import type { LastAnswers } from './last-answers.ts';

export type FaultyHandling<T> = {
  readonly signal: AbortSignal;
  readonly method: string;
  readonly body: Uint8Array;
  readonly last: LastAnswers<T>;
  handle(): Promise<T> | T;
};

/** A handler's run with a fault on the callee's side. What never answers is ended by the call's deadline, or by the caller going away. */
export async function handleFaulty<T>(injection: Injection, run: FaultyHandling<T>): Promise<T> {
  if (injection.delayMs > 0) await sleep(injection.delayMs, undefined, { signal: run.signal });
  switch (injection.effect) {
    case 'pass':
    case 'corrupt':
    case 'truncate':
      return run.handle();
    case 'error':
      throw new RpcError(injection.code, 'a fault on purpose');
    case 'drop':
      return silence();
    case 'half-open':
      await run.handle();
      return silence();
    case 'stale': {
      const answer = run.last.get(run.method, run.body) ?? (await run.handle());
      run.last.keep(run.method, run.body, answer);
      return answer;
    }
    case 'duplicate': {
      const first = await run.handle();
      await run.handle();
      return first;
    }
    default:
      return injection.effect satisfies never;
  }
}

/** Never settles; whoever waits has a deadline. */
function silence(): Promise<never> {
  return new Promise(() => undefined);
}
