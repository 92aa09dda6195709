import type { GetLiveResponse, LiveSecond } from '@bioscope/playback/contract';

/** What one process of playback said, and when it arrived here. */
export type Heard = { readonly answer: LiveAnswer; readonly heardAtMs: number };
type LiveAnswer = Pick<GetLiveResponse, 'instance' | 'nowMs' | 'sinceMs' | 'sessions'> & {
  readonly seconds: readonly Pick<LiveSecond, 'atMs' | 'started' | 'refused' | 'failed'>[];
};

export type LiveView = {
  /** Of each whole second of the last two minutes, oldest first. */
  readonly started: readonly number[];
  /** Refused or failed. */
  readonly lost: readonly number[];
  /** Of the two minutes, the most frequent first. */
  readonly reasons: readonly { readonly because: string; readonly count: number }[];
  readonly failed: number;
  /** A player whose heartbeats reach several processes is known to each. */
  readonly sessions: { readonly atLeast: number; readonly atMost: number };
  readonly instances: readonly string[];
  /** When the youngest process began to count, if that lies within the two minutes; else null. */
  readonly sinceMs: number | null;
};

export const SECONDS_SHOWN = 120;
/** Each question reaches one process of several by chance; in this time it reached all that run, of as many as a region has. */
const RUNNING_MS = 10_000;
const INSTANCES_MAX = 64;

/** The newest word of each process; those of which nothing can be shown any more are forgotten, and the longest silent beyond 64. */
export function hear(known: readonly Heard[], answer: LiveAnswer, heardAtMs: number): readonly Heard[] {
  const others = known.filter((one) => one.answer.instance !== answer.instance && heardAtMs - one.heardAtMs < SECONDS_SHOWN * 1000);
  return [{ answer, heardAtMs }, ...others].slice(0, INSTANCES_MAX);
}

/** All processes together, newest word first. Ends with the last second of which every running process has told. */
export function viewOf(known: readonly Heard[]): LiveView {
  const newestMs = Math.max(0, ...known.map(({ heardAtMs }) => heardAtMs));
  const running = known.filter(({ heardAtMs }) => newestMs - heardAtMs < RUNNING_MS).map(({ answer }) => answer);
  const end = Math.floor(Math.min(...running.map(({ nowMs }) => nowMs)) / 1000);
  const started = zeros();
  const lost = zeros();
  const reasons = new Map<string, number>();
  let failed = 0;
  for (const second of known.flatMap(({ answer }) => answer.seconds)) {
    const at = SECONDS_SHOWN - (end - Math.floor(second.atMs / 1000));
    if (!(at >= 0 && at < SECONDS_SHOWN)) continue;
    started[at] = (started[at] ?? 0) + second.started;
    failed += second.failed;
    lost[at] = (lost[at] ?? 0) + second.failed;
    for (const [because, count] of Object.entries(second.refused)) {
      reasons.set(because, (reasons.get(because) ?? 0) + count);
      lost[at] = (lost[at] ?? 0) + count;
    }
  }
  const sessions = running.map((answer) => answer.sessions);
  const youngestMs = Math.max(0, ...running.map(({ sinceMs }) => sinceMs));
  return {
    started,
    lost,
    reasons: [...reasons]
      .map(([because, count]) => ({ because, count }))
      .sort((one, other) => other.count - one.count || (one.because < other.because ? -1 : 1)),
    failed,
    sessions: { atLeast: Math.max(0, ...sessions), atMost: sessions.reduce((total, each) => total + each, 0) },
    instances: running.map(({ instance }) => instance).sort(),
    sinceMs: youngestMs > (end - SECONDS_SHOWN) * 1000 ? youngestMs : null,
  };
}

function zeros(): number[] {
  return Array.from({ length: SECONDS_SHOWN }, () => 0);
}
