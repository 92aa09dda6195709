import { pause, type Clock } from '../clock.ts';
import type { Failure } from '../figures/figures.ts';
import type { CountedRequest, Recorder } from '../figures/meter.ts';
import type { Client, Sent } from '../network/client.ts';
import { failureIn } from '../network/failure.ts';
import { banPathway, choosePathway, type Pathways } from './pathways.ts';

export type RangeNeeds = {
  readonly client: Client;
  readonly clock: Clock;
  readonly random: () => number;
  readonly record: Recorder;
  /** The player's, changed by every failure and by steering. */
  readonly pathways: { value: Pathways };
  readonly fresh: (url: string) => string;
  /** The whole round over all pathways failed; `renewToken` when they no longer take the token. Resolves when the next one may begin, with false when there shall be none. */
  readonly mayGoOn: (trouble: { readonly sinceMs: number; readonly renewToken: boolean }) => Promise<boolean>;
  readonly signal: AbortSignal;
};

export type Range = {
  readonly urlOn: Readonly<Record<string, string>>;
  readonly firstByte: number;
  readonly bytes: number;
  /** Whether the body is wanted, or only that it came. */
  readonly keep: boolean;
};

/** As our player's settings have them (SEGMENT_RETRIES of apps/web/src/player/settings.ts): two rounds over two appliances, a tenth of a second apart. */
const ATTEMPTS_MAX = 4;
const DELAY_MS = 100;
const DELAY_FUZZ = 0.2;
const LIMITS = { headMs: 2_500, silenceMs: 2_000, totalMs: 20_000 } as const;

/**
 * Fetches one range of a film, from one pathway after the other, as long as the player goes on. `undefined` when it does not: then the request
 * has failed, unless the signal ended it.
 */
export async function fetchRange(needs: RangeNeeds, range: Range): Promise<Buffer | undefined> {
  const counted = needs.record.request('segment');
  let failingSinceMs: number | undefined;
  for (;;) {
    const round = await tryRound(needs, range, counted);
    if (round.kind === 'came') {
      counted.over('answered');
      return round.body;
    }
    if (needs.signal.aborted) {
      counted.over('given_up');
      return undefined;
    }
    failingSinceMs ??= round.failedAtMs;
    if (await needs.mayGoOn({ sinceMs: failingSinceMs, renewToken: round.isTokenRefused })) continue;
    counted.over(needs.signal.aborted ? 'given_up' : 'failed');
    return undefined;
  }
}

type Round =
  | { readonly kind: 'came'; readonly body: Buffer }
  | { readonly kind: 'failed'; readonly failedAtMs: number; readonly isTokenRefused: boolean };

async function tryRound(needs: RangeNeeds, range: Range, counted: CountedRequest): Promise<Round> {
  const { clock, pathways } = needs;
  const tried: string[] = [];
  let failedAtMs: number | undefined;
  let isTokenRefused = false;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX && !needs.signal.aborted; attempt += 1) {
    if (attempt > 1) await pause(clock, DELAY_MS * (1 + DELAY_FUZZ * (2 * needs.random() - 1)), needs.signal);
    const chosen = choosePathway(pathways.value, clock.nowMs(), tried.slice(-1));
    const url = chosen === undefined ? undefined : range.urlOn[chosen];
    if (chosen === undefined || url === undefined) break;
    tried.push(chosen);
    const sent = await sendRange(needs, range, new URL(needs.fresh(url)));
    const failure = judge(sent, range);
    counted.tried(sent, failure);
    if (failure === undefined && sent.kind === 'answered') return { kind: 'came', body: sent.body };
    failedAtMs ??= clock.nowMs();
    isTokenRefused = sent.kind === 'answered' && (sent.status === 403 || sent.status === 410);
    if (sent.kind !== 'given_up') pathways.value = banPathway(pathways.value, chosen, clock.nowMs());
  }
  return { kind: 'failed', failedAtMs: failedAtMs ?? clock.nowMs(), isTokenRefused };
}

function sendRange({ client, signal }: RangeNeeds, { firstByte, bytes, keep }: Range, url: URL): Promise<Sent> {
  return client.send(url, {
    method: 'GET',
    headers: { range: `bytes=${firstByte}-${firstByte + bytes - 1}` },
    limits: LIMITS,
    keepBytesMax: keep ? bytes : 'none',
    signal,
  });
}

/** Right is what was asked for, to the byte. */
function judge(sent: Sent, { firstByte, bytes }: Range): Failure | undefined {
  const failure = failureIn(sent);
  if (failure !== undefined || sent.kind !== 'answered') return failure;
  const isRange = sent.status === 206 && String(sent.headers['content-range']).startsWith(`bytes ${firstByte}-${firstByte + bytes - 1}/`);
  return isRange && sent.bytes === bytes ? undefined : 'short';
}
