import { errorBody, RpcError, statusOf } from './error.ts';
import type { Injection } from './faults.ts';
import type { LastAnswers } from './last-answers.ts';
import { tamper } from './tamper.ts';
import type { Wait } from './wait.ts';
import type { Outcome } from './wire/wires.ts';

export type FaultySend = {
  readonly wait: Wait;
  readonly method: string;
  readonly body: Uint8Array;
  readonly last: LastAnswers<Outcome>;
  send(): Promise<Outcome>;
};

/** One attempt of a call with a fault on the caller's side. Ends with the caller's patience at the latest, as the real thing would. */
export async function sendFaulty(injection: Injection, attempt: FaultySend): Promise<Outcome> {
  const { wait } = attempt;
  if (injection.delayMs > 0) await wait.pause(injection.delayMs);
  if (wait.over !== undefined) return silence(wait, false);
  switch (injection.effect) {
    case 'pass':
      return attempt.send();
    case 'error':
      return refusal(injection);
    case 'drop':
      await untilOver(wait);
      return silence(wait, true);
    case 'half-open':
      await attempt.send();
      await untilOver(wait);
      return silence(wait, true);
    case 'corrupt':
    case 'truncate':
      return tampered(injection, await attempt.send());
    case 'stale':
      return sendStale(attempt);
    case 'duplicate': {
      const first = await attempt.send();
      if (wait.over === undefined) await attempt.send();
      return first;
    }
    default:
      return injection.effect satisfies never;
  }
}

async function sendStale(attempt: FaultySend): Promise<Outcome> {
  const { last, method, body } = attempt;
  const known = last.get(method, body);
  if (known !== undefined) return known;
  const outcome = await attempt.send();
  if (outcome.kind === 'answer' && outcome.status === 200) last.keep(method, body, outcome);
  return outcome;
}

function untilOver(wait: Wait): Promise<void> {
  if (wait.over !== undefined) return Promise.resolve();
  return new Promise((resolve) => {
    wait.onOver = () => {
      wait.onOver = undefined;
      resolve();
    };
  });
}

function silence(wait: Wait, sent: boolean): Outcome {
  return { kind: 'broken', sent, cause: wait.over ?? new Error('no answer, on purpose') };
}

function refusal({ code }: Injection): Outcome {
  const body = errorBody(new RpcError(code, 'a fault on purpose'));
  return { kind: 'answer', status: statusOf(code), headers: { 'content-type': 'application/json' }, body, reusable: true };
}

function tampered(injection: Injection, outcome: Outcome): Outcome {
  return outcome.kind === 'answer' ? { ...outcome, body: Buffer.from(tamper(injection, outcome.body)) } : outcome;
}
