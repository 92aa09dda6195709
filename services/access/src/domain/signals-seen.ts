import type { SignalName } from '../../contract/index.ts';
import { FALLBACKS, OTHERWISES, type Fallback } from './fallbacks.ts';
import type { Question } from './question.ts';
import type { Confidence, Seen } from './signals.ts';
import type { Viewer } from './viewer.ts';

/** A signal as a decision saw it, for people. */
export type SignalSeen = {
  readonly signal: SignalName;
  readonly source: string;
  readonly confidence: Confidence;
  /** Zero when unknown. */
  readonly learnedAtMs: number;
  readonly value: unknown;
  /** What was done without it; empty when it was fresh. */
  readonly fallback: string;
};

/** Every signal that the action looks at. */
export function signalsSeen({ membership, profile, account, device, country }: Viewer, question: Question): readonly SignalSeen[] {
  const table = FALLBACKS[question.action];
  const seen: SignalSeen[] = [];
  const add = (signal: SignalName, source: string, how: Seen<unknown>): void => {
    const fallback = table[signal];
    if (fallback !== undefined) seen.push(signalSeen({ signal, source, how, fallback }));
  };
  const given = (value: number | string | null): Seen<unknown> =>
    value === null || value === '' ? { confidence: 'unknown' } : { confidence: 'fresh', value, learnedAtMs: 0 };
  add('membership', 'membership', membership);
  add('profile', 'identity', profile);
  add('account', 'identity', account);
  add('country', 'passport or identity', given(country));
  if ('title' in question) add('title', 'catalog or caller', question.title.facts);
  if (question.action === 'play') {
    add('streams', 'caller', given(question.streamsInUse));
    add('devices', 'identity', device);
  }
  if (question.action === 'download') add('devices', 'caller', given(question.devicesInUse));
  return seen;
}

function signalSeen({
  signal,
  source,
  how,
  fallback,
}: {
  signal: SignalName;
  source: string;
  how: Seen<unknown>;
  fallback: Fallback;
}): SignalSeen {
  const { confidence } = how;
  if (how.confidence === 'unknown')
    return { signal, source, confidence, learnedAtMs: 0, value: null, fallback: OTHERWISES[fallback.otherwise] };
  const { value, learnedAtMs } = how;
  const used = { fresh: '', last_known: 'the last that was known', degraded: 'the last that was known, for less' };
  return { signal, source, confidence, learnedAtMs, value, fallback: used[how.confidence] };
}
